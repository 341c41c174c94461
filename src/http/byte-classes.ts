/** Tables of the bytes that are allowed in each place: one look-up per byte (RFC 9110 §5.6.2, §5.5; RFC 3986 §3.3). */

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
 * Field values: visible ASCII, space, tab and `obs-text`, because docker build sends a folder's name
 * (X-Docker-Expose-Session-Name). The fields that frame a message or its connection allow neither tab nor `obs-text`:
 * some parsers strip a tab around a value and others keep it, so they could disagree about `chunked`.
 */
export const VALUE = table((byte) => (byte >= SP && byte !== 0x7f) || byte === HT);
/**
 * A target: visible ASCII except `#`, which no client sends, `\`, which some parsers read as `/`, and `%`, which must
 * be followed by two digits and is checked separately. Other characters that RFC 3986 wants encoded are allowed: people
 * type `?filters={"status":["running"]}`, and all parsers agree on it.
 */
export const TARGET = table(
  (byte) => byte > SP && byte < 0x7f && byte !== 0x23 && byte !== PERCENT && byte !== 0x5c,
);

/** A Host field: a name or an address in brackets, a port, and `%2F…`: Go's client sends a socket's path that way. */
export const HOST = table((byte) => byte < 0x7f && /[A-Za-z0-9.:_%~[\]-]/.test(String.fromCharCode(byte)));

/** Value of a hexadecimal digit; 255 for anything else. */
export const HEX = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = "0123456789abcdef".indexOf(String.fromCharCode(byte).toLowerCase());
  return byte < 0x7f && digit >= 0 ? digit : 255;
});

/** @returns the decimal digit at this position, or -1 for anything else or past the end */
export function digitAt(bytes: Uint8Array, at: number): number {
  const digit = (bytes[at] ?? 0) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/**
 * Compares a field name, ignoring case.
 * @param bytes at least as many after `start` as `name` has, all of them {@link TOKEN}: a CR would match a dash
 * @param name lower case
 */
export function sameName(bytes: Uint8Array, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index++)
    if (((bytes[start + index] as number) | 0x20) !== name.charCodeAt(index)) return false;
  return true;
}
