/** Globs with `*` for any number of characters. The time that a match takes grows with both lengths, never faster. */

/** @returns whether the whole text matches */
export function matchesGlob(glob: string, text: string): boolean {
  let [at, inText] = [0, 0];
  /** Where the last `*` was, and how much of the text it has taken. */
  let [star, taken] = [-1, 0];
  while (inText < text.length) {
    if (glob[at] === "*") {
      star = at++;
      taken = inText;
    } else if (glob[at] === text[inText]) {
      at++;
      inText++;
    } else if (star >= 0) {
      at = star + 1;
      inText = ++taken;
    } else return false;
  }
  while (glob[at] === "*") at++;
  return at === glob.length;
}

/** The same for paths: `*` stays in one segment, and `**` at the end stands for any number of segments, at least one. */
export function matchesPath(glob: readonly string[], segments: readonly string[]): boolean {
  const isOpen = glob.at(-1) === "**";
  const fixed = isOpen ? glob.length - 1 : glob.length;
  if (isOpen ? segments.length <= fixed : segments.length !== fixed) return false;
  for (let index = 0; index < fixed; index++)
    if (!matchesGlob(glob[index] ?? "", segments[index] ?? "")) return false;
  return true;
}
