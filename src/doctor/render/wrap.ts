/** Breaking prose into lines; commands are never broken, for they are there to be copied. */

/**
 * Breaks at spaces; a word longer than a line stands alone and sticks out, for half an address is of no use.
 * @param text one line, printable
 * @param width in characters, at least 1
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if ([...longer].length <= width || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
