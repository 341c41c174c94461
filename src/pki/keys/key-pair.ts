/** Makes the keys of this machine: the CA's and the client's. */
import { generateKeyPairSync } from "node:crypto";

/** A private key and its public half, which may be sent. */
export interface KeyPair {
  /** PKCS#8 PEM, not encrypted: the docker CLI cannot read encrypted keys (moby#30935). */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo PEM. */
  readonly publicKey: string;
}

/**
 * Makes an ECDSA P-256 key pair, the only kind that every TLS client of Docker accepts (some refuse Ed25519).
 * @returns both halves as PEM
 */
export function makeKeyPair(): KeyPair {
  return generateKeyPairSync("ec", {
    namedCurve: "prime256v1",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
}
