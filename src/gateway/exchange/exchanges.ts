/**
 * Connections with a protocol of their own instead of HTTP: few, short, one line of JSON each way. They never reach the
 * code that reads HTTP. A desk says who is served, and answers.
 */
import type { Duplex } from "node:stream";
import { SECOND_MS } from "../../base/index.ts";
import type { AddressGroup } from "../admission/address-group.ts";
import { Rate } from "../admission/rate.ts";
import { WaitingRoom } from "../admission/waiting-room.ts";

/** In all, and from one network. */
const MOST = 32;
const MOST_PER_NETWORK = 4;
/** Most bytes of a request. */
export const REQUEST_BYTES = 512;
/** From the end of the handshake to the last byte of the answer. */
const LIFE_MS = 10 * SECOND_MS;
/** A wrong request holds its place for this long. */
const WRONG_MS = SECOND_MS;
/** Wrong requests that a network is told of; more are closed without an answer. */
const WRONG_PER_MINUTE = 10;
const WRONG_AT_ONCE = 5;

/** Who connects, as far as TLS can tell. */
export interface ExchangePeer {
  readonly address: string;
  readonly group: AddressGroup;
}

export interface Reply {
  /** Sent as JSON. */
  readonly answer: object;
  /** Whether the request could be a guess. */
  readonly isWrong: boolean;
}

export interface Desk<Peer extends ExchangePeer> {
  serves(peer: Peer): boolean;
  /** Sent first, as JSON; null: the other side speaks first. */
  greeting(): object | null;
  /** @param line the request; null: it is too long for one */
  reply(line: string | null, peer: Peer): Promise<Reply>;
  /** The answer when `reply` fails. */
  readonly failed: object;
}

interface Entry<Peer> {
  readonly socket: Duplex;
  readonly peer: Peer;
  readonly until: number;
  /** null: it has been dealt with. */
  request: Buffer | null;
  /** Sent when its time has come. */
  late: { readonly at: number; readonly answer: object } | null;
}

export class Exchanges<Peer extends ExchangePeer> {
  readonly #desk: Desk<Peer>;
  readonly #onFailure: (error: Error) => void;
  readonly #room = new WaitingRoom<Entry<Peer>>();
  readonly #entries = new Set<Entry<Peer>>();
  readonly #wrong = new Rate(WRONG_PER_MINUTE, WRONG_AT_ONCE);
  #now = performance.now();

  /** @param onFailure for the journal */
  constructor(desk: Desk<Peer>, onFailure: (error: Error) => void) {
    this.#desk = desk;
    this.#onFailure = onFailure;
  }

  /**
   * Serves a connection that has negotiated the protocol.
   * @returns false when it is not served: the desk does not, or its network has too many connections here
   */
  take(socket: Duplex, peer: Peer): boolean {
    if (!this.#desk.serves(peer) || this.#room.countOf(peer.group) >= MOST_PER_NETWORK) return false;
    if (this.#entries.size >= MOST) this.#evict();
    const entry: Entry<Peer> = {
      socket,
      peer,
      until: this.#now + LIFE_MS,
      request: Buffer.alloc(0),
      late: null,
    };
    this.#entries.add(entry);
    this.#room.add(entry, peer.group);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#forget(entry));
    // Whoever has sent a request gets the answer first.
    socket.on("end", () => entry.request !== null && socket.end());
    socket.on("data", (bytes: Buffer) => this.#read(entry, bytes));
    const greeting = this.#desk.greeting();
    if (greeting !== null) socket.write(`${JSON.stringify(greeting)}\n`);
    return true;
  }

  /** Sends late answers, and ends what has lasted too long. @param now of a monotonic clock, ms */
  sweep(now: number): void {
    this.#now = now;
    for (const entry of this.#entries) {
      const { socket, until, late } = entry;
      if (late !== null && now >= late.at) this.#answer(entry, late.answer);
      if (now >= until) socket.destroy();
    }
  }

  close(): void {
    for (const { socket } of this.#entries) socket.destroy();
  }

  /** Frees the place at once, not only when the socket has closed. */
  #evict(): void {
    const victim = this.#room.largest(0);
    if (victim === undefined) return;
    this.#forget(victim);
    victim.socket.destroy();
  }

  #forget(entry: Entry<Peer>): void {
    entry.request = null;
    entry.late = null;
    if (this.#entries.delete(entry)) this.#room.remove(entry, entry.peer.group);
  }

  /** What comes after the request is dropped; what is too long for one is not kept. */
  #read(entry: Entry<Peer>, bytes: Buffer): void {
    if (entry.request === null) return;
    const all = Buffer.concat([entry.request, bytes.subarray(0, REQUEST_BYTES + 1)]);
    const end = all.indexOf("\n");
    if (end < 0 && all.length <= REQUEST_BYTES) {
      entry.request = all;
      return;
    }
    entry.request = null;
    void this.#reply(entry, end < 0 || all.length > REQUEST_BYTES ? null : all.toString("latin1", 0, end));
  }

  async #reply(entry: Entry<Peer>, line: string | null): Promise<void> {
    const { peer, socket } = entry;
    try {
      const { answer, isWrong } = await this.#desk.reply(line, peer);
      if (!isWrong) this.#answer(entry, answer);
      else if (this.#wrong.take(peer.group.network, this.#now))
        entry.late = { at: this.#now + WRONG_MS, answer };
      else socket.destroy();
    } catch (error) {
      this.#onFailure(error as Error);
      this.#answer(entry, this.#desk.failed);
    }
  }

  #answer(entry: Entry<Peer>, answer: object): void {
    entry.late = null;
    entry.socket.end(`${JSON.stringify(answer)}\n`);
  }
}
