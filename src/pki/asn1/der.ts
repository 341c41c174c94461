/** Writes DER (X.690): the few types that encrypted keys and PKCS#12 files need. Nothing here reads it. */

export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const digits = body.length.toString(16);
  const length = Buffer.from(digits.length % 2 ? `0${digits}` : digits, "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
export const octetString = (bytes: Uint8Array): Buffer => der(0x04, bytes);
/** Something that is encoded already, in hexadecimal. */
export const encoded = (hex: string): Buffer => Buffer.from(hex, "hex");

/** @param value not negative */
export function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = encoded(hex.length % 2 ? `0${hex}` : hex);
  return der(0x02, bytes[0] !== undefined && bytes[0] > 0x7f ? encoded("00") : encoded(""), bytes);
}
