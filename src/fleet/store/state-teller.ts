/** Tells whether a store is reached, once for each change, with the time since it is lost. For drivers. */
import type { Clock } from "../../base/index.ts";
import type { HostAccess, StoreState } from "./ports.ts";

export class StateTeller {
  #state: StoreState | null = null;
  readonly #onState: HostAccess["onState"];
  readonly #clock: Clock;

  constructor(onState: HostAccess["onState"], clock: Clock) {
    this.#onState = onState;
    this.#clock = clock;
  }

  connected(): void {
    if (this.#state?.is !== "connected") this.#tell({ is: "connected" });
  }

  /** @param why from the network or the store */
  lost(why: string): void {
    const before = this.#state;
    if (before?.is === "lost" && before.why === why) return;
    this.#tell({ is: "lost", since: before?.is === "lost" ? before.since : this.#clock(), why });
  }

  #tell(state: StoreState): void {
    this.#state = state;
    this.#onState(state);
  }
}

/** Less than the operator waits for receipts, so that a store which is back brings the next revocation in time. */
const LONGEST_MS = 30_000;

/**
 * How long to wait before the next try: twice as long after each failure, up to half a minute, and a fifth more or less, so that
 * a thousand hosts do not come back at once.
 * @param failures since the last success @param firstMs after none @param random from 0 to 1
 */
export function waitMs(failures: number, firstMs: number, random: number): number {
  const wait = Math.min(firstMs * 2 ** Math.min(failures, 16), Math.max(LONGEST_MS, firstMs));
  return Math.round(wait * (0.8 + 0.4 * random));
}
