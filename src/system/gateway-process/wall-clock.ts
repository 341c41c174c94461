/**
 * The time with fractions of a millisecond. `performance.now()` has them, but stands still while the machine sleeps and
 * follows no NTP: after months its calendar would be a guess. So it is set by the system's clock again and again.
 */
export interface Clocks {
  /** Whole milliseconds since the epoch. */
  readonly system: () => number;
  /** Milliseconds with fractions, from anywhere on. */
  readonly steady: () => number;
}

const REAL: Clocks = { system: Date.now, steady: () => performance.now() };

/** More than what is lost where the system's clock is cut to whole milliseconds and asked a moment later. */
const TOLERANCE_MS = 20;

export class WallClock {
  readonly #clocks: Clocks;
  #origin: number;

  constructor(clocks: Clocks = REAL) {
    this.#clocks = clocks;
    this.#origin = this.#originNow();
  }

  /** @returns milliseconds since the epoch, with fractions */
  readonly now = (): number => this.#origin + this.#clocks.steady();

  /** Call it a few times a second. */
  follow(): void {
    const origin = this.#originNow();
    if (Math.abs(origin - this.#origin) > TOLERANCE_MS) this.#origin = origin;
  }

  #originNow(): number {
    const { system, steady } = this.#clocks;
    return system() - steady();
  }
}
