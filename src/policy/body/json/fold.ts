/**
 * Whether Go reads two keys as the same field: letters match in any case, and the only characters outside ASCII that fold to
 * ASCII letters are `ſ` (U+017F) and the Kelvin sign (U+212A).
 * @see Go, encoding/json/fold.go; unicode.SimpleFold
 */

/** @returns the same text for all keys that Go reads as one field */
export function foldKey(key: string): string {
  let folded = "";
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    if (code >= 0x41 && code <= 0x5a) folded += String.fromCharCode(code + 32);
    else if (code === 0x17f) folded += "s";
    else if (code === 0x212a) folded += "k";
    else folded += key[at];
  }
  return folded;
}
