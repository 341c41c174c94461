/** Reads the public half of our own keys. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { TetherdockError } from "../../base/index.ts";
import { spkiFingerprint } from "./spki-fingerprint.ts";

/**
 * @param pem a private key, not encrypted, or a public one
 * @throws KEY_UNREADABLE
 */
export function publicHalf(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new TetherdockError("KEY_UNREADABLE", "the key cannot be read", {
      why: [pem.includes("ENCRYPTED") ? "it is encrypted with a passphrase" : "it is not a key in PEM"],
      hints: ["openssl pkey -noout -text -in key.pem"],
      cause,
    });
  }
}

/**
 * Derives the public half, for example to renew the certificate of a key.
 * @param key private (not encrypted) or public, PEM
 * @returns SubjectPublicKeyInfo, PEM
 * @throws KEY_UNREADABLE
 */
export function publicKeyOf(key: string): string {
  return publicHalf(key).export({ type: "spki", format: "pem" }).toString();
}

/**
 * The identity of a client for a gateway: its key, not its certificate, so that a renewed certificate is the same
 * client.
 * @param key private (not encrypted) or public, PEM
 * @returns SHA-256 of the SubjectPublicKeyInfo, lower-case hex
 * @throws KEY_UNREADABLE
 */
export function keyFingerprint(key: string): string {
  return spkiFingerprint(publicHalf(key));
}
