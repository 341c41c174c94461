/** What a client owes, and until when. Looked at by a sweep: a timer for each request would cost as much as the request. */
import type { Limits } from "./limits.ts";

/** The rest of a head that has begun, or the next octets of a body. */
export type Due = "head" | "body";

export class Deadline {
  due: Due | null = null;
  #at = 0;

  /** @param now milliseconds since the epoch */
  set(due: Due, now: number, limits: Limits): void {
    this.due = due;
    this.#at = now + (due === "head" ? limits.headMs : limits.bodyStallMs);
  }

  clear(): void {
    this.due = null;
  }

  isOver(now: number): boolean {
    return this.due !== null && now >= this.#at;
  }
}
