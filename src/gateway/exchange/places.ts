/**
 * Places for connections with a protocol of their own instead of HTTP: few and short, with one answer at the end. They never
 * reach the code that reads HTTP.
 */
import type { Duplex } from "node:stream";
import { SECOND_MS } from "../../base/index.ts";
import type { AddressGroup } from "../admission/address-group.ts";
import { Rate } from "../admission/rate.ts";
import { WaitingRoom } from "../admission/waiting-room.ts";

/** In all. */
const MOST = 32;

/** A wrong request holds its place for this long. */
const WRONG_MS = SECOND_MS;

/** Who connects, as far as TLS can tell. */
export interface ExchangePeer {
  readonly address: string;
  readonly group: AddressGroup;
}

/** The answer to a request, sent as JSON. */
export interface Reply<Answer extends object = object> {
  readonly answer: Answer;
  /** Whether the request could be a guess. */
  readonly isWrong: boolean;
}

export interface PlaceLimits {
  /** Connections from one network. */
  readonly mostPerNetwork: number;
  /** From the end of the handshake to the last byte of the answer. */
  readonly lifeMs: number;
  /** Wrong requests that a network is told of; more are closed without an answer. */
  readonly wrongPerMinute: number;
  readonly wrongAtOnce: number;
}

export class Place<Peer extends ExchangePeer> {
  readonly socket: Duplex;
  readonly peer: Peer;
  /** Nothing is read any more. */
  isDone = false;
  /** What it has asked for is being done. */
  isWorking = false;
  until = 0;
  /** Sent when its time has come. */
  late: { readonly at: number; readonly answer: object } | null = null;

  constructor(socket: Duplex, peer: Peer) {
    this.socket = socket;
    this.peer = peer;
  }

  finish(): void {
    this.isDone = true;
    this.late = null;
  }

  answer(answer: object): void {
    this.finish();
    this.socket.end(`${JSON.stringify(answer)}\n`);
  }
}

export class Places<Taken extends Place<ExchangePeer>> {
  readonly #limits: PlaceLimits;
  readonly #room = new WaitingRoom<Taken>();
  readonly #taken = new Set<Taken>();
  /** Closed while their work was not done: without these, whoever asks and hangs up could have any amount of work waiting. */
  readonly #left = new WaitingRoom<Taken>();
  readonly #wrong: Rate;
  #now = performance.now();

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
    this.#wrong = new Rate(limits.wrongPerMinute, limits.wrongAtOnce);
  }

  hasRoomFor({ group }: ExchangePeer): boolean {
    return this.#room.countOf(group) + this.#left.countOf(group) < this.#limits.mostPerNetwork;
  }

  /** Its work counts until it is done, whatever becomes of the connection. */
  async during<T>(place: Taken, work: () => Promise<T>): Promise<T> {
    place.isWorking = true;
    try {
      return await work();
    } finally {
      place.isWorking = false;
      this.#left.remove(place, place.peer.group);
    }
  }

  /** Another connection loses its place if all are taken. */
  take(place: Taken): void {
    if (this.#taken.size >= MOST) this.#evict();
    const { socket, peer } = place;
    place.until = this.#now + this.#limits.lifeMs;
    this.#taken.add(place);
    this.#room.add(place, peer.group);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#forget(place));
  }

  /** Answers a request. If it could be a guess, not at once, and not often. */
  answer(place: Taken, { answer, isWrong }: Reply): void {
    if (!isWrong) place.answer(answer);
    else if (this.#wrong.take(place.peer.group.network, this.#now))
      place.late = { at: this.#now + WRONG_MS, answer };
    else place.socket.destroy();
  }

  /** Sends late answers, and ends what has lasted too long. @param now of a monotonic clock, ms */
  sweep(now: number): void {
    this.#now = now;
    for (const place of this.#taken) {
      const { late } = place;
      if (late !== null && now >= late.at) place.answer(late.answer);
      if (now >= place.until) place.socket.destroy();
    }
  }

  close(): void {
    for (const { socket } of this.#taken) socket.destroy();
  }

  /** Frees the place at once, not only when the socket has closed. */
  #evict(): void {
    const victim = this.#room.largest(0);
    if (victim === undefined) return;
    this.#forget(victim);
    victim.socket.destroy();
  }

  #forget(place: Taken): void {
    place.finish();
    if (!this.#taken.delete(place)) return;
    this.#room.remove(place, place.peer.group);
    if (place.isWorking) this.#left.add(place, place.peer.group);
  }
}
