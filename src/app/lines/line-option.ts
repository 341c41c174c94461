/** @param line as typed; undefined: none @returns words that name the same line in a command, for hints */
export function lineOption(line: string | undefined): readonly string[] {
  return line === undefined ? [] : ["--line", line];
}
