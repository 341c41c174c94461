/** One answer, as far as dockerd's memory is concerned: whether it counts, and whether its client reads. */
import type { AnswerKind } from "./kind.ts";

/** Who lets answers in. */
export interface Places {
  readonly now: number;
  /** Takes a place now, or waits for one. */
  enter(place: AnswerPlace): void;
  leave(place: AnswerPlace): void;
}

/** Without a pause for so long: the client has caught up, and dockerd keeps nothing for it. */
const CAUGHT_UP_MS = 400;
/** dockerd may send no head before a log's first line. */
const SILENT_MS = 1_000;

export class AnswerPlace {
  readonly kind: AnswerKind;
  /** The client. */
  readonly owner: string;
  /** `out`: dockerd keeps nothing for it. */
  state: "out" | "waiting" | "held" = "out";
  /** Since when it has waited, or has had its place; milliseconds. */
  since = 0;
  /** Whether dockerd has the request: it is in nobody's power to delay it. */
  isSent = false;
  /** Since when its client has not read; null: it reads. */
  stalledSince: number | null = null;
  /** Its connection is over; its place is not if dockerd still works. */
  isOver = false;
  /** Ends the connection of a client that does not read. */
  onCut: () => void = () => {};
  readonly #places: Places;
  #flowsSince = 0;
  /** Until it last read; milliseconds. */
  #unreadMs = 0;
  #go: ((isIn: boolean) => void) | null = null;

  constructor(places: Places, owner: string, kind: AnswerKind) {
    this.#places = places;
    this.owner = owner;
    this.kind = kind;
  }

  /** Before the request is sent. @returns whether it may be: now, or in its turn; false: it has waited too long */
  mayBegin(): true | Promise<boolean> {
    if (this.kind.place === "stream") return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#go = resolve;
    this.#places.enter(this);
    return this.state === "held" ? true : promise;
  }

  /** dockerd gets the request. @param onCut ends the connection */
  sent(onCut: () => void): void {
    this.isSent = true;
    this.onCut = onCut;
    this.#flowsSince = this.#places.now + SILENT_MS - CAUGHT_UP_MS;
  }

  /** The answer's first bytes are here. */
  answers(): void {
    this.#flowsSince = this.#places.now;
  }

  /** The client does not read, so dockerd has to wait. */
  stalls(): void {
    if (this.stalledSince !== null || this.isOver) return;
    this.stalledSince = this.#places.now;
    if (this.state === "out") this.#places.enter(this);
  }

  /** The client has read what waited. */
  flows(): void {
    if (this.stalledSince === null) return;
    this.#unreadMs += this.#places.now - this.stalledSince;
    this.stalledSince = null;
    this.#flowsSince = this.#places.now;
  }

  /** For how long its client has not read: in all, of a whole answer, or who reads a little now and then keeps it for ever. */
  unreadMs(now: number): number {
    if (this.isOver) return 0;
    const sinceThen = this.stalledSince === null ? 0 : now - this.stalledSince;
    return this.kind.place === "whole" ? this.#unreadMs + sinceThen : sinceThen;
  }

  /** Whether its client has caught up. dockerd keeps a whole answer until it is sent. */
  hasCaughtUp(now: number): boolean {
    const isBehind = this.kind.place === "whole" || !this.isSent || this.stalledSince !== null;
    return !isBehind && now - this.#flowsSince >= CAUGHT_UP_MS;
  }

  /** It has its place, or will get none. */
  decided(isIn: boolean): void {
    this.#go?.(isIn);
    this.#go = null;
  }

  /** Ends the connection: others wait. */
  cut(): void {
    this.isOver = true;
    this.onCut();
  }

  /** The connection is over. A whole answer keeps its place until dockerd has prepared it: a hang-up does not end that. */
  over(): void {
    this.isOver = true;
    this.stalledSince = null;
    if (this.kind.place !== "whole" || !this.isSent) this.#places.leave(this);
  }

  /** dockerd has sent its last byte. */
  done(): void {
    this.isOver = true;
    this.#places.leave(this);
  }
}
