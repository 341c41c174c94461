/** Makes text from elsewhere safe to show. */

/**
 * Characters that a terminal obeys, hides or reverses: control characters (C0, DEL, C1), format characters
 * (bidirectional overrides, zero-width characters, tags), line and paragraph separators, lone surrogates, private and
 * unassigned code points, and characters that are always blank, such as the blank Braille pattern. Tabs stay.
 */
const UNSAFE = /(?!\t)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r" };

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return SHORT[character] ?? `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}

/**
 * Makes characters visible that a terminal would obey or hide: ESC becomes `\x1b`, a line break `\n`. The result is one
 * line, and a second pass does not change it.
 */
export function visible(text: string): string {
  return text.replace(UNSAFE, escaped);
}
