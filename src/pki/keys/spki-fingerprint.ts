import { createHash, type KeyObject } from "node:crypto";

/** @returns SHA-256 of a public key's SubjectPublicKeyInfo, lower-case hex: the identity of a key in tetherdock */
export function spkiFingerprint(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex");
}
