/**
 * Encryption with a passphrase: PBES2, RFC 8018 §6.2, with AES-256-CBC and PBKDF2-HMAC-SHA256. This is our own code,
 * because KeyObject.export stretches the passphrase with only 2,048 rounds; any OpenSSL can read the result.
 */
import { createCipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { encoded, integer, octetString, sequence } from "./der.ts";

/** OWASP's figure for PBKDF2-HMAC-SHA256 (2023): a guess costs an attacker about as much as it costs us, 0.1 s. */
export const PBKDF2_ROUNDS = 600_000;

const PBES2 = "06092a864886f70d01050d";
const PBKDF2 = "06092a864886f70d01050c";
const HMAC_SHA256 = "300c06082a864886f70d02090500";
const AES_256_CBC = "060960864801650304012a";

const stretch = promisify(pbkdf2);

export interface Encrypted {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Buffer;
  readonly secret: Buffer;
}

/** @param passphrase as bytes, not empty */
export async function encrypt(bytes: Uint8Array, passphrase: Buffer): Promise<Encrypted> {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = await stretch(passphrase, salt, PBKDF2_ROUNDS, 32, "sha256");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const secret = Buffer.concat([cipher.update(bytes), cipher.final()]);
  const kdf = sequence(
    encoded(PBKDF2),
    sequence(octetString(salt), integer(PBKDF2_ROUNDS), encoded(HMAC_SHA256)),
  );
  const scheme = sequence(encoded(AES_256_CBC), octetString(iv));
  return { algorithm: sequence(encoded(PBES2), sequence(kdf, scheme)), secret };
}
