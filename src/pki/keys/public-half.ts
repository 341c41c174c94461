/** The public half of keys that are already ours. Keys from elsewhere go through `readPublicKey`. */
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
 * Derives the half that may travel, for instance to renew a certificate for the key it has.
 * @param key private (not encrypted) or public, PEM
 * @returns SubjectPublicKeyInfo, PEM
 * @throws KEY_UNREADABLE
 */
export function publicKeyOf(key: string): string {
  return publicHalf(key).export({ type: "spki", format: "pem" }).toString();
}

/**
 * By what a gateway knows a client: the key, not the certificate, so that a renewed one is the same client.
 * @param key private (not encrypted) or public, PEM
 * @returns SHA-256 of the SubjectPublicKeyInfo, lower-case hex
 * @throws KEY_UNREADABLE
 */
export function keyFingerprint(key: string): string {
  return spkiFingerprint(publicHalf(key));
}
