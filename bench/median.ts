/** The median, and the spread of the middle half of the values around it. */
export interface Summary {
  readonly median: number;
  /** Distance between the quartiles, as a share of the median. */
  readonly spread: number;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param values at least one; a median ignores the occasional slow round */
export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const median = at(sorted, 0.5);
  return { median, spread: (at(sorted, 0.75) - at(sorted, 0.25)) / median };
}
