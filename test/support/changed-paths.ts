/** The differences between two fingerprints of a host. */

const JOURNAL = /^\/var\/lib\/tetherdock(\/|$)/;

/** @returns paths (and units) that were added, removed or changed, sorted; without tetherdock's own journal */
export function changedPaths(before: string, after: string): string[] {
  const [a, b] = [new Set(before.split("\n")), new Set(after.split("\n"))];
  const lines = [...a.symmetricDifference(b)];
  const paths = lines.map((line) => line.split("  ")[0] ?? "");
  return [...new Set(paths)].filter((path) => !JOURNAL.test(path)).toSorted();
}
