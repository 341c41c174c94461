/** The middle value, and how far the middle half of the values is spread around it. */
export interface Summary {
  readonly median: number;
  /** Distance between the quartiles, as a share of the median. */
  readonly spread: number;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param values at least one; a median is deaf to the odd round that the machine slept through */
export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const median = at(sorted, 0.5);
  return { median, spread: (at(sorted, 0.75) - at(sorted, 0.25)) / median };
}
