/** Random choices that a seed repeats. Faster than fast-check where a million values are needed. */
import { createHash } from "node:crypto";

export class Random {
  #state: number;

  /** @param seed any text: today's date, and what the numbers are for */
  constructor(seed: string) {
    this.#state = createHash("sha256").update(seed).digest().readUInt32LE() | 1;
  }

  /** @see Marsaglia, Xorshift RNGs @returns 0 to `end` - 1 */
  below(end: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % end;
  }

  /** @param percent how often it is true */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(all: readonly T[]): T {
    const picked = all[this.below(all.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }
}
