/**
 * Text from elsewhere, safe on any terminal: control and format characters (escape sequences, direction marks)
 * become `?`; tabs stay.
 * @param text one line
 */
export function visible(text: string): string {
  return text.replace(/(?!\t)[\p{Cc}\p{Cf}\u2028\u2029]/gu, "?");
}
