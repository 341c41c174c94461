/** Suggestions for a mistyped name. */

/** Edit distance where swapping two neighbours counts once (optimal string alignment). */
function distance(left: string, right: string): number {
  let older: number[] = [];
  let old = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const deleted = (old[column] ?? 0) + 1;
      const inserted = (current[column - 1] ?? 0) + 1;
      const replaced = (old[column - 1] ?? 0) + (same ? 0 : 1);
      const exchanged = swapped ? (older[column - 2] ?? row) + 1 : deleted;
      current.push(Math.min(deleted, inserted, replaced, exchanged));
    }
    [older, old] = [old, current];
  }
  return old.at(-1) ?? 0;
}

/**
 * The names a user may have meant.
 * @returns at most three, nearest first; a third of the letters may differ, or two, but never more than half
 */
export function nearest(input: string, names: readonly string[]): string[] {
  const third = Math.max(2, Math.floor(input.length / 3));
  const limit = Math.min(third, Math.max(1, Math.floor(input.length / 2)));
  return names
    .map((name) => ({ name, far: name.startsWith(input) ? 1 : distance(input, name) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, 3)
    .map(({ name }) => name);
}
