/** Suggestions for a mistyped word. */

/** Edit distance in which swapping two neighbours counts as one edit (optimal string alignment). */
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

/** Longer input was pasted, not mistyped, and takes long to compare. */
const MAX_LENGTH = 128;

/** A third of the letters may differ, or two, but never more than half. */
function allowedDistance({ length }: string): number {
  const third = Math.max(2, Math.floor(length / 3));
  return Math.min(third, Math.max(1, Math.floor(length / 2)));
}

function distanceTo(typed: string, name: string, limit: number): number {
  if (name.startsWith(typed)) return 1;
  return Math.abs(name.length - typed.length) > limit ? Number.POSITIVE_INFINITY : distance(typed, name);
}

/**
 * Finds the names that a user may have meant, ignoring case.
 * @returns at most three, nearest first
 */
export function nearest(typed: string, names: readonly string[]): string[] {
  if (typed === "" || typed.length > MAX_LENGTH) return [];
  const limit = allowedDistance(typed);
  return names
    .map((name) => ({ name, far: distanceTo(typed.toLowerCase(), name.toLowerCase(), limit) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, 3)
    .map(({ name }) => name);
}
