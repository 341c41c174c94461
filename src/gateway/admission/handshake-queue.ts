/**
 * Whose handshake comes next. A handshake costs a millisecond of the gateway's only thread, so a flood of them must not
 * push others out: addresses take turns, known addresses come first and have reserved places, and handshakes of
 * strangers begin at a limited rate. Every operation takes constant time, however many wait.
 */
import type { AddressGroup } from "./address-group.ts";
import { HandshakeLines } from "./handshake-lines.ts";

/** How many at a time. */
export interface HandshakeLimits {
  readonly handshakes: number;
  readonly handshakesPerAddress: number;
}

/** The share of places that only known addresses may use. */
const RESERVED = 1 / 4;

export class HandshakeQueue {
  readonly #limits: HandshakeLimits;
  readonly #mayBegin: () => boolean;
  readonly #known: HandshakeLines;
  readonly #strangers: HandshakeLines;
  #waiting = 0;

  /** @param mayBegin whether a stranger's handshake may begin now; after each yes, one begins */
  constructor(limits: HandshakeLimits, mayBegin: () => boolean = () => true) {
    this.#limits = limits;
    this.#mayBegin = mayBegin;
    this.#known = new HandshakeLines(limits.handshakesPerAddress);
    this.#strangers = new HandshakeLines(limits.handshakesPerAddress);
  }

  /** Handshakes under way. */
  get running(): number {
    return this.#known.running + this.#strangers.running;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiting;
  }

  /** How many networks of strangers wait and have nothing under way, for want of a place. */
  get starved(): number {
    return this.#hasPlace ? 0 : this.#strangers.starved;
  }

  /** Handshakes under way for one network of strangers. */
  runningOf(group: AddressGroup): number {
    return this.#strangers.runningOf(group);
  }

  /**
   * @param isKnown whether a client on the list has connected from there
   * @param start called, now or later, when the handshake may begin
   * @returns a function to call once, when the handshake is over or given up
   */
  enter(group: AddressGroup, isKnown: boolean, start: () => void): () => void {
    const lines = isKnown ? this.#known : this.#strangers;
    let isRunning = false;
    const begin = () => {
      isRunning = true;
      this.#waiting--;
      start();
    };
    const visitor = { group, start: begin };
    this.#waiting++;
    lines.enter(visitor);
    this.next();
    return () => {
      if (isRunning) lines.leave(group);
      else {
        lines.giveUp(visitor);
        this.#waiting--;
      }
      this.next();
    };
  }

  /** Begins all that may begin. Also call it from time to time while any wait: strangers begin at a limited rate. */
  next(): void {
    while (this.running < this.#limits.handshakes) {
      const visitor = this.#known.next() ?? this.#nextStranger();
      if (!visitor) return;
      visitor.start();
    }
  }

  get #hasPlace(): boolean {
    const most = Math.max(1, Math.floor(this.#limits.handshakes * (1 - RESERVED)));
    return this.#strangers.running < most && this.running < this.#limits.handshakes;
  }

  #nextStranger() {
    return this.#hasPlace && this.#strangers.isReady && this.#mayBegin() ? this.#strangers.next() : undefined;
  }
}
