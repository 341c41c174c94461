/**
 * Encrypts the CA key with a passphrase: EncryptedPrivateKeyInfo, RFC 5958 §3, with PBES2, RFC 8018 §6.2. This is our
 * own code, because KeyObject.export stretches the passphrase with only 2,048 rounds; any OpenSSL can read the result.
 */
import { createCipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/** OWASP's figure for PBKDF2-HMAC-SHA256 (2023): a guess costs an attacker about as much as it costs us, 0.1 s. */
export const PBKDF2_ROUNDS = 600_000;

const PBES2 = "06092a864886f70d01050d";
const PBKDF2 = "06092a864886f70d01050c";
const HMAC_SHA256 = "300c06082a864886f70d02090500";
const AES_256_CBC = "060960864801650304012a";

const stretch = promisify(pbkdf2);

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const digits = body.length.toString(16);
  const length = Buffer.from(digits.length % 2 ? `0${digits}` : digits, "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const octetString = (bytes: Uint8Array) => der(0x04, bytes);
const encoded = (hex: string) => Buffer.from(hex, "hex");

function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = encoded(hex.length % 2 ? `0${hex}` : hex);
  return der(0x02, bytes[0] !== undefined && bytes[0] > 0x7f ? encoded("00") : encoded(""), bytes);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  const label = "ENCRYPTED PRIVATE KEY";
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/**
 * @param pkcs8 PrivateKeyInfo, DER
 * @param passphrase as bytes, not empty
 * @returns PEM, `ENCRYPTED PRIVATE KEY`
 */
export async function encryptKey(pkcs8: Buffer, passphrase: Buffer): Promise<string> {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = await stretch(passphrase, salt, PBKDF2_ROUNDS, 32, "sha256");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const secret = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  const kdf = sequence(
    encoded(PBKDF2),
    sequence(octetString(salt), integer(PBKDF2_ROUNDS), encoded(HMAC_SHA256)),
  );
  const scheme = sequence(encoded(AES_256_CBC), octetString(iv));
  const algorithm = sequence(encoded(PBES2), sequence(kdf, scheme));
  return pem(sequence(algorithm, octetString(secret)));
}
