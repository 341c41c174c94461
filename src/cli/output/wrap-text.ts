/** Prose in lines that an eye can follow. */

/**
 * Breaks a text between words.
 * @param width characters a line, 1 or more; a longer word stays whole
 * @returns at least one line
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
