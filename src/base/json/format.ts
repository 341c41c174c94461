/** Writes JSON that keeps all text exactly, and is safe to show on a terminal. */

// JSON.stringify escapes characters below U+0020; these too can hide or reverse text (visible() of src/base).
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Co}\p{Cn}\u2028\u2029\p{Default_Ignorable_Code_Point}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f]/g;

function escaped(character: string): string {
  // Code units, since JSON writes characters above U+FFFF as two.
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** @returns indented JSON with a newline at its end; control and format characters are escaped as `\uXXXX` */
export function format(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(UNSAFE, escaped)}\n`;
}

/** @param line JSON on one line, from another program @returns the same value, safe on a terminal */
export function safeLine(line: string): string {
  return line.replace(UNSAFE, escaped).replace(CONTROL, escaped);
}
