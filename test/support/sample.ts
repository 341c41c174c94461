/**
 * What is slow and rarely fails is tested in part: another part every day, all of it with `scripts/test --all`.
 * The same seed gives the same part on any machine: TETHERDOCK_SEED, today's date unless told.
 */
import { createHash } from "node:crypto";

export const everything: boolean = process.env["TETHERDOCK_ALL"] === "1";
export const seed: string = process.env["TETHERDOCK_SEED"] ?? new Date().toISOString().slice(0, 10);

const rank = (text: string): string => createHash("sha256").update(text).digest("hex");

/** `count` of them in their own order; `what` makes that two samples of one day are not of the same places. */
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
