/**
 * The time with fractions of a millisecond. `performance.now()` has fractions, but stops while the machine sleeps and
 * does not follow NTP, so after months it would be far off. It is therefore adjusted to the system's clock regularly.
 */
export interface Clocks {
  /** Whole milliseconds since the epoch. */
  readonly system: () => number;
  /** Milliseconds with fractions, from any starting point. */
  readonly steady: () => number;
}

const REAL: Clocks = { system: Date.now, steady: () => performance.now() };

/** More than the error from whole milliseconds and from reading one clock a moment after the other. */
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
