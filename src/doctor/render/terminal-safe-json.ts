/** JSON that says exactly what was seen, and that a terminal may show all the same. */

// JSON.stringify escapes what is below U+0020; these can hide or turn text round too (visible() of src/base).
const UNSAFE = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu;

function escaped(character: string): string {
  // Code units, since JSON writes what is beyond U+FFFF as two.
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** @returns indented JSON with a newline at its end; control and format characters are escaped as `\uXXXX` */
export function terminalSafeJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(UNSAFE, escaped)}\n`;
}
