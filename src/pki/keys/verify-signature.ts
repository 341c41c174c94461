/** Verifies that the holder of a key has signed a text: a host must prove this before we issue a certificate for it. */
import { verify } from "node:crypto";
import { TetherdockError } from "../../base/index.ts";
import { readPublicKey } from "./public-key.ts";
import { spkiFingerprint } from "./spki-fingerprint.ts";
import { readSshSignature } from "./ssh-signature.ts";

/** The output of `openssl dgst -sha256 -sign … | openssl base64 -A`, after the word `ecdsa`. */
const DER = /^ecdsa ([A-Za-z0-9+/]{1,200}={0,2})$/m;

/** The text to sign. */
export interface SignedText {
  readonly text: string;
  /** For `ssh-keygen -Y sign -n`. */
  readonly namespace: string;
}

/**
 * @param publicKey SubjectPublicKeyInfo, PEM, from anywhere
 * @returns SHA-256 of the key as a certificate would have it, lower-case hex; null if it is not a P-256 public key
 */
export function publicKeyFingerprint(publicKey: string): string | null {
  try {
    return spkiFingerprint(readPublicKey(publicKey));
  } catch (error) {
    if (error instanceof TetherdockError) return null;
    throw error;
  }
}

/**
 * Verifies a signature made by openssl or ssh-keygen.
 * @param publicKey SubjectPublicKeyInfo, PEM
 * @param output what the host printed: the signature of openssl in base64, or of ssh-keygen in its armour
 * @throws KEY_UNREADABLE, KEY_UNSUITABLE
 */
export function isSignedBy(publicKey: string, output: string, { text, namespace }: SignedText): boolean {
  const key = readPublicKey(publicKey);
  const der = DER.exec(output)?.[1];
  if (der !== undefined)
    return verify("sha256", Buffer.from(text), { key, dsaEncoding: "der" }, Buffer.from(der, "base64"));
  const ssh = readSshSignature(output, namespace, text);
  return ssh !== null && verify("sha256", ssh.signed, { key, dsaEncoding: "ieee-p1363" }, ssh.signature);
}
