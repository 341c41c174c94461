/** The MAC of a PKCS#12 file: HMAC-SHA256, with a key derived as RFC 7292 appendix B prescribes. */
import { createHmac, hash, randomBytes } from "node:crypto";
import { encoded, integer, octetString, sequence } from "../asn1/der.ts";

const SHA256 = "300d06096086480165030402010500";
/**
 * Node has no native code for this derivation; each round costs us a microsecond or more. A guess by the MAC costs an
 * attacker a twelfth of one by the encryption, and fifty times as much as with OpenSSL's default.
 */
const ROUNDS = 100_000;
/** Of SHA-256, in bytes. */
const BLOCK = 64;
/** Appendix B.3: the derived bytes are the key of a MAC. */
const PURPOSE = 3;

/** Repeats bytes until they fill whole blocks. */
function filled(bytes: Uint8Array): Buffer {
  const length = Math.ceil(bytes.length / BLOCK) * BLOCK;
  return Buffer.alloc(length, bytes);
}

/** BMPString: UTF-16, big-endian, with a final zero. */
export function bmpString(text: string): Buffer {
  return Buffer.from(`${text}\0`, "utf16le").swap16();
}

/** Appendix B.2, for an output of one hash: then its last step, which mixes the blocks, is not reached. */
function macKey(password: string, salt: Uint8Array): Buffer {
  const start = [Buffer.alloc(BLOCK, PURPOSE), filled(salt), filled(bmpString(password))];
  let key = hash("sha256", Buffer.concat(start), "buffer");
  for (let round = 1; round < ROUNDS; round += 1) key = hash("sha256", key, "buffer");
  return key;
}

/** @returns MacData, DER */
export function macData(content: Uint8Array, password: string): Buffer {
  const salt = randomBytes(16);
  const mac = createHmac("sha256", macKey(password, salt)).update(content).digest();
  return sequence(sequence(encoded(SHA256), octetString(mac)), octetString(salt), integer(ROUNDS));
}
