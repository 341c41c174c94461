/**
 * The places for answers of one kind. A request waits for one before dockerd gets it, clients in turn. An answer that runs already and
 * falls behind cannot wait: if there is no place for it within a second, the answer that its client has left unread for longest is cut.
 */
import type { AnswerPlace, Places } from "./answer-place.ts";
import type { AnswerKind } from "./kind.ts";
import { AnswerQueue } from "./queue.ts";

/** A burst, and a client that takes it, are over by then: who reads at all takes 256 KiB in a second. */
const BEHIND_MS = 1_000;
/** An answer that has been unread for so long gives way to requests that wait. Over a slow line, a log may pause for half a minute. */
const UNREAD_MS = { whole: 30_000, log: 60_000, stream: 60_000 } as const;
/** Nothing happens, because dockerd prepares no answer, or others read logs: then its client is told so. */
const WAIT_MS = 60_000;
/** Between two looks at what waits. */
const LOOK_MS = 50;

export class AnswerRoom implements Places {
  readonly #kind: AnswerKind;
  readonly #clock: () => number;
  readonly #held = new AnswerQueue();
  readonly #behind = new AnswerQueue();
  readonly #requests = new AnswerQueue();
  #timer: NodeJS.Timeout | null = null;

  constructor(kind: AnswerKind, clock: () => number) {
    this.#kind = kind;
    this.#clock = clock;
  }

  get now(): number {
    return this.#clock();
  }

  /** How many this client has. */
  of(owner: string): number {
    return this.#held.of(owner).size;
  }

  /** Whether a request of this client would have a place now. */
  isFree(owner: string): boolean {
    if (this.#hasPlaceFor(owner)) return true;
    this.#dropCaughtUp(this.now);
    return this.#hasPlaceFor(owner);
  }

  enter(place: AnswerPlace): void {
    place.since = this.now;
    place.state = "waiting";
    this.#queueOf(place).add(place);
    this.#admit();
    if (place.state === "waiting" && this.#timer === null) this.#look();
  }

  leave(place: AnswerPlace): void {
    if (place.state === "out") return;
    const wasHeld = this.#held.remove(place);
    if (!wasHeld && !this.#behind.remove(place)) this.#requests.remove(place);
    place.state = "out";
    if (wasHeld) this.#admit();
  }

  #queueOf({ isSent }: AnswerPlace): AnswerQueue {
    return isSent ? this.#behind : this.#requests;
  }

  #hasPlaceFor(owner: string): boolean {
    return this.#held.size < this.#kind.inAll && this.of(owner) < this.#kind.perClient;
  }

  #admit(): void {
    for (const queue of [this.#behind, this.#requests]) while (this.#admitOnce(queue));
  }

  /** @returns whether an answer of some client has got a place */
  #admitOnce(queue: AnswerQueue): boolean {
    for (const owner of queue.owners) {
      if (!this.#hasPlaceFor(owner)) continue;
      for (const place of queue.of(owner)) {
        queue.remove(place);
        queue.rotate(owner);
        this.#held.add(place);
        place.state = "held";
        place.decided(true);
        return true;
      }
    }
    return false;
  }

  #look(): void {
    const now = this.now;
    this.#dropCaughtUp(now);
    this.#admit();
    this.#cutBehind(now);
    for (const owner of [...this.#requests.owners]) this.#hasten(owner, now);
    const isWaiting = this.#behind.size > 0 || this.#requests.size > 0;
    this.#timer = isWaiting ? setTimeout(() => this.#look(), LOOK_MS).unref() : null;
  }

  #dropCaughtUp(now: number): void {
    for (const place of this.#held.all) if (place.hasCaughtUp(now)) this.leave(place);
    for (const place of this.#behind.all) if (place.hasCaughtUp(now)) this.leave(place);
  }

  #cutBehind(now: number): void {
    for (const place of this.#behind.all) {
      if (place.state !== "waiting" || now - place.since < BEHIND_MS) continue;
      const giver = this.#giverTo(place.owner) ?? place.owner;
      const candidates = [...this.#held.of(giver), ...this.#behind.of(giver)];
      (longestUnread(candidates, now) ?? place).cut();
    }
  }

  /** Makes room for a client's requests, or tells it that there is none. */
  #hasten(owner: string, now: number): void {
    const giver = this.#giverTo(owner);
    if (giver !== null) longestUnread(this.#held.of(giver), now, UNREAD_MS[this.#kind.place])?.cut();
    for (const place of this.#requests.of(owner)) {
      if (now - place.since < WAIT_MS || this.#waitsForLogs(owner, now)) break;
      this.leave(place);
      place.decided(false);
    }
  }

  /**
   * Of a request that has waited for too long. Who reads a little of each log now and then would keep their places for ever: then the
   * client that has most loses the one that it does not read, unless both have about as many.
   * @returns whether a request for a log may go on waiting: for the client's own logs, or for one that has been cut
   */
  #waitsForLogs(owner: string, now: number): boolean {
    if (this.#kind.place !== "log") return false;
    const own = this.of(owner);
    const giver = this.#giverTo(owner);
    if (giver === null || giver === owner) return true;
    if (this.of(giver) < own + 2) return own > 0;
    const unread = longestUnread(this.#held.of(giver), now, BEHIND_MS);
    unread?.cut();
    return unread !== null;
  }

  /** @returns the client that has to give up a place to this one; null: none has more */
  #giverTo(owner: string): string | null {
    const own = this.of(owner);
    if (own >= this.#kind.perClient) return owner;
    const { largest } = this.#held;
    return this.#held.of(largest).size > own ? largest : null;
  }
}

/** @param atLeast milliseconds @returns the one that has been unread for longest; null: all are read, or over */
function longestUnread(places: Iterable<AnswerPlace>, now: number, atLeast = 0): AnswerPlace | null {
  let longest: AnswerPlace | null = null;
  let most = Math.max(atLeast, 1) - 1;
  for (const place of places) {
    const unread = place.unreadMs(now);
    if (unread <= most) continue;
    longest = place;
    most = unread;
  }
  return longest;
}
