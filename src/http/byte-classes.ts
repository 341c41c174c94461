/** Which bytes may stand where, as tables: one look-up a byte (RFC 9110 §5.6.2, §5.5; RFC 3986 §3.3). */

export const HT = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const PERCENT = 0x25;
const ZERO = 0x30;
export const COLON = 0x3a;
export const SLASH = 0x2f;

function table(belongs: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (belongs(byte) ? 1 : 0));
}

const TOKEN_CHARACTERS = new Set(
  [..."!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((character) =>
    character.charCodeAt(0),
  ),
);

/** Methods and field names. */
export const TOKEN = table((byte) => TOKEN_CHARACTERS.has(byte));
/**
 * Field values: visible ASCII, space, tab and `obs-text`. docker build sends a folder's name, whatever is in it
 * (X-Docker-Expose-Session-Name). Fields that are understood here have neither tab nor `obs-text`: as white space
 * around a value, some parsers strip a tab and others keep it, and `chunked` is one thing or the other.
 */
export const VALUE = table((byte) => (byte >= SP && byte !== 0x7f) || byte === HT);
/**
 * A target: visible ASCII without `#`, which never travels, `\`, which some read as `/`, and `%`, which needs its two
 * digits. The rest of what RFC 3986 wants encoded stays: `?filters={"status":["running"]}` is what people type, and
 * every parser agrees on it.
 */
export const TARGET = table(
  (byte) => byte > SP && byte < 0x7f && byte !== 0x23 && byte !== PERCENT && byte !== 0x5c,
);

/** A Host field: names, addresses in brackets, a port; and `%2F…`, which Go's client sends of a socket's path. */
export const HOST = table((byte) => byte < 0x7f && /[A-Za-z0-9.:_%~[\]-]/.test(String.fromCharCode(byte)));

/** Value of a hexadecimal digit; 255 for anything else. */
export const HEX = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = "0123456789abcdef".indexOf(String.fromCharCode(byte).toLowerCase());
  return byte < 0x7f && digit >= 0 ? digit : 255;
});

/** @returns the decimal digit that stands there, or -1; so also behind the end */
export function digitAt(bytes: Uint8Array, at: number): number {
  const digit = (bytes[at] ?? 0) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/**
 * Compares a field name without regard to case.
 * @param bytes of the same length there, all of them {@link TOKEN}: CR, too, has the bits of a dash
 * @param name lower case
 */
export function sameName(bytes: Uint8Array, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index++)
    if (((bytes[start + index] as number) | 0x20) !== name.charCodeAt(index)) return false;
  return true;
}
