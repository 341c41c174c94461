/** Encrypts a private key with a passphrase: EncryptedPrivateKeyInfo, RFC 5958 §3. */
import { octetString, sequence } from "../asn1/der.ts";
import { encrypt } from "../asn1/pbes2.ts";

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  const label = "ENCRYPTED PRIVATE KEY";
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** @returns EncryptedPrivateKeyInfo, DER */
export async function encryptedKeyInfo(pkcs8: Uint8Array, passphrase: Buffer): Promise<Buffer> {
  const { algorithm, secret } = await encrypt(pkcs8, passphrase);
  return sequence(algorithm, octetString(secret));
}

/**
 * @param pkcs8 PrivateKeyInfo, DER
 * @param passphrase as bytes, not empty
 * @returns PEM, `ENCRYPTED PRIVATE KEY`
 */
export async function encryptKey(pkcs8: Buffer, passphrase: Buffer): Promise<string> {
  return pem(await encryptedKeyInfo(pkcs8, passphrase));
}
