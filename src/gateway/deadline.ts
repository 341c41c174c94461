/** What a client owes, and until when. Looked at by a sweep: a timer for each request would cost as much as the request. */
import type { Hub } from "./hub.ts";

/** The rest of a head that has begun, or the next octets of a body. */
export type Due = "head" | "body";

export class Deadline {
  due: Due | null = null;
  readonly #hub: Pick<Hub, "coarseNow" | "limits">;
  #at = 0;

  constructor(hub: Pick<Hub, "coarseNow" | "limits">) {
    this.#hub = hub;
  }

  /** A head has one from its first octet to its last; a body a new one with every piece. */
  set(due: Due): void {
    if (due === "head" && this.due === "head") return;
    const { coarseNow, limits } = this.#hub;
    this.due = due;
    this.#at = coarseNow + (due === "head" ? limits.headMs : limits.bodyStallMs);
  }

  /** @param due without: whatever it is */
  clear(due: Due | null = this.due): void {
    if (due === this.due) this.due = null;
  }

  /** @param now milliseconds since the epoch */
  isOver(now: number): boolean {
    return this.due !== null && now >= this.#at;
  }
}
