/** What somebody meant to type. */

/** Letters to add, remove, change, or swap with the next one, from one word to the other. */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, row] = [row, next];
  }
  return row[other.length] ?? 0;
}

/** Longer input is not compared: nobody mistypes a page of text. */
const MAX_LENGTH = 64;

/**
 * @param words what could have been meant
 * @returns the nearest; null when none is near: more than a third of the letters differ
 */
export function nearest(typed: string, words: readonly string[]): string | null {
  if (typed.length > MAX_LENGTH) return null;
  const allowed = Math.floor(typed.length / 3);
  const ranked = words
    .map((word) => ({ word, far: distance(typed.toLowerCase(), word.toLowerCase()) }))
    .filter(({ far }) => far <= allowed)
    .sort((one, other) => one.far - other.far);
  return ranked[0]?.word ?? null;
}
