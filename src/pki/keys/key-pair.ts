/** Fresh keys for identities that are made on this machine: the CA's and the client's. */
import { generateKeyPairSync } from "node:crypto";

/** A private key and the public half that may travel. */
export interface KeyPair {
  /** PKCS#8 PEM, not encrypted: the docker CLI reads no other (moby#30935). */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo PEM. */
  readonly publicKey: string;
}

/**
 * Makes an ECDSA P-256 key pair: the one kind every TLS client of Docker takes (Ed25519 is refused by some).
 * @returns both halves as PEM
 */
export function makeKeyPair(): KeyPair {
  return generateKeyPairSync("ec", {
    namedCurve: "prime256v1",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
}
