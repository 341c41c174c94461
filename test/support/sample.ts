/**
 * Slow tests that rarely fail run as a sample: a different one every day, all with `scripts/test --all`. The same seed
 * gives the same sample on any machine: TETHERDOCK_SEED, by default today's date.
 */
import { createHash } from "node:crypto";

export const everything: boolean = process.env["TETHERDOCK_ALL"] === "1";
export const seed: string = process.env["TETHERDOCK_SEED"] ?? new Date().toISOString().slice(0, 10);

const rank = (text: string): string => createHash("sha256").update(text).digest("hex");

/** `count` of them in their original order; with `what` two samples of one day differ. */
export function sampleBy<T>(
  what: string,
  all: readonly T[],
  count: number,
  { day = seed, whole = everything } = {},
): readonly T[] {
  if (whole) return all;
  const drawn = all
    .map((item, place) => ({ item, place, by: rank(`${day} ${what} ${place}`) }))
    .sort((a, b) => (a.by < b.by ? -1 : 1))
    .slice(0, count);
  return drawn.sort((a, b) => a.place - b.place).map(({ item }) => item);
}
