/** What a client must send, and by when. A sweep checks it: a timer per request would cost as much as the request. */
import type { GatewayContext } from "../gateway-context.ts";

/**
 * The rest of a head; the next bytes of a body; the rest of a body that is gathered; or, between requests, the next
 * request.
 */
export type Due = "head" | "body" | "whole-body" | "request";

const LIMIT = {
  head: "headMs",
  body: "bodyStallMs",
  "whole-body": "bodyStallMs",
  request: "dockerIdleMs",
} as const;

export class Deadline {
  due: Due | null = null;
  readonly #context: Pick<GatewayContext, "coarseNow" | "limits">;
  #at = 0;

  constructor(context: Pick<GatewayContext, "coarseNow" | "limits">) {
    this.#context = context;
  }

  /** A head or a gathered body has one deadline for all its bytes; any other body gets a new one with each piece. */
  set(due: Due): void {
    if (due === this.due && due !== "body" && due !== "request") return;
    const { coarseNow, limits } = this.#context;
    this.due = due;
    this.#at = coarseNow + limits[LIMIT[due]];
  }

  /** @param due what to clear; by default, whatever is due */
  clear(due: Due | null = this.due): void {
    if (due === this.due) this.due = null;
  }

  /** @param now milliseconds since the epoch */
  isOver(now: number): boolean {
    return this.due !== null && now >= this.#at;
  }
}
