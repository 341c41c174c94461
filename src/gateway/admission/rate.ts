/** How often something may happen: so many times a minute for each holder, and some of them at once. */
import { MINUTE_MS } from "../../base/index.ts";

interface Bucket {
  left: number;
  /** Milliseconds, by the caller's clock. */
  at: number;
}

/** How many holders are remembered: the ones seen last. */
const MOST = 4_096;

export class Rate {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param burst how many at once */
  constructor(perMinute: number, burst: number) {
    this.#perMs = perMinute / MINUTE_MS;
    this.#burst = burst;
  }

  /** Whether it may happen now. @param now milliseconds */
  allows(holder: string, now: number): boolean {
    return this.#filled(holder, now).left >= 1;
  }

  /** Uses one up, if it may happen. @returns whether it may */
  take(holder: string, now: number): boolean {
    const bucket = this.#filled(holder, now);
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }

  /** Uses up as many if any is left, also more than there are: then nothing may happen until they are back. @returns whether it may */
  spend(holder: string, now: number, times: number): boolean {
    const bucket = this.#filled(holder, now);
    if (bucket.left <= 0) return false;
    bucket.left -= times;
    return true;
  }

  /** What was spent is not needed any more. One that is forgotten has all of it. */
  giveBack(holder: string, times: number): void {
    const bucket = this.#buckets.get(holder);
    if (bucket !== undefined) bucket.left = Math.min(this.#burst, bucket.left + times);
  }

  #filled(holder: string, now: number): Bucket {
    const bucket = this.#buckets.get(holder) ?? { left: this.#burst, at: now };
    // a clock may be set back
    bucket.left = Math.min(this.#burst, bucket.left + Math.max(0, now - bucket.at) * this.#perMs);
    bucket.at = now;
    this.#buckets.delete(holder);
    this.#buckets.set(holder, bucket);
    if (this.#buckets.size > MOST) this.#forgetOldest();
    return bucket;
  }

  #forgetOldest(): void {
    for (const oldest of this.#buckets.keys()) {
      this.#buckets.delete(oldest);
      return;
    }
  }
}
