/** What two fingerprints of a host differ in. */

const JOURNAL = /^\/var\/lib\/tetherdock(\/|$)/;

/** @returns paths (and units) that came, went or changed, sorted; tetherdock's own journal is left out */
export function changedPaths(before: string, after: string): string[] {
  const [a, b] = [new Set(before.split("\n")), new Set(after.split("\n"))];
  const lines = [...a.symmetricDifference(b)];
  const paths = lines.map((line) => line.split("  ")[0] ?? "");
  return [...new Set(paths)].filter((path) => !JOURNAL.test(path)).toSorted();
}
