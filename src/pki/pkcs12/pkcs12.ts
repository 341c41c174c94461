/**
 * A certificate with its key as one file for browsers and keychains: PKCS#12, RFC 7292, with the algorithms that
 * OpenSSL 3 and NSS write today (PBES2 with AES-256, HMAC-SHA256), and none of the old ones (RC2, 3DES, SHA-1).
 */
import { createPrivateKey, hash } from "node:crypto";
import { der, encoded, integer, octetString, sequence } from "../asn1/der.ts";
import { encrypt } from "../asn1/pbes2.ts";
import { encryptedKeyInfo } from "../keys/encrypt-key.ts";
import { parseCertificate } from "../read-certificate.ts";
import { bmpString, macData } from "./integrity.ts";

const DATA = "06092a864886f70d010701";
const ENCRYPTED_DATA = "06092a864886f70d010706";
const SHROUDED_KEY_BAG = "060b2a864886f70d010c0a0102";
const CERTIFICATE_BAG = "060b2a864886f70d010c0a0103";
const X509_CERTIFICATE = "060a2a864886f70d01091601";
const FRIENDLY_NAME = "06092a864886f70d010914";
const LOCAL_KEY_ID = "06092a864886f70d010915";

export interface Identity {
  /** PEM. */
  readonly ca: string;
  readonly certificate: string;
  /** PKCS#8 PEM, not encrypted. */
  readonly privateKey: string;
  /** As a browser lists it. */
  readonly name: string;
}

const explicit = (...parts: readonly Uint8Array[]) => der(0xa0, ...parts);
const setOf = (...parts: readonly Uint8Array[]) => der(0x31, ...parts);
const data = (content: Uint8Array) => sequence(encoded(DATA), explicit(octetString(content)));

/** The key and its certificate have the same id, so that readers know which belong together. */
function attributes(name: string, id: Uint8Array): Buffer {
  const shown = der(0x1e, bmpString(name).subarray(0, -2));
  return setOf(
    sequence(encoded(FRIENDLY_NAME), setOf(shown)),
    sequence(encoded(LOCAL_KEY_ID), setOf(octetString(id))),
  );
}

function certificateBag(raw: Uint8Array, ...more: readonly Uint8Array[]): Buffer {
  const value = sequence(encoded(X509_CERTIFICATE), explicit(octetString(raw)));
  return sequence(encoded(CERTIFICATE_BAG), explicit(value), ...more);
}

async function encryptedData(content: Uint8Array, passphrase: Buffer): Promise<Buffer> {
  const { algorithm, secret } = await encrypt(content, passphrase);
  const info = sequence(encoded(DATA), algorithm, der(0x80, secret));
  return sequence(encoded(ENCRYPTED_DATA), explicit(sequence(integer(0), info)));
}

/**
 * @param password not empty
 * @returns the file
 * @throws CERTIFICATE_UNREADABLE
 */
export async function formatPkcs12(identity: Identity, password: string): Promise<Buffer> {
  const { name, ca, certificate, privateKey } = identity;
  const passphrase = Buffer.from(password, "utf8");
  const own = parseCertificate(certificate).raw;
  const marks = attributes(name, hash("sha1", own, "buffer"));
  const pkcs8 = createPrivateKey(privateKey).export({ type: "pkcs8", format: "der" });
  const key = explicit(await encryptedKeyInfo(pkcs8, passphrase));
  const certificates = sequence(certificateBag(own, marks), certificateBag(parseCertificate(ca).raw));
  const safe = sequence(
    await encryptedData(certificates, passphrase),
    data(sequence(sequence(encoded(SHROUDED_KEY_BAG), key, marks))),
  );
  return sequence(integer(3), data(safe), macData(safe, password));
}
