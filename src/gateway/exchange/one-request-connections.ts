/** Connections with one request and one answer, each a line of JSON. A desk says who is served, and answers. */
import type { Duplex } from "node:stream";
import { SECOND_MS } from "../../base/index.ts";
import { type ExchangePeer, Place, Places, type Reply } from "./places.ts";

const LIMITS = { mostPerNetwork: 4, lifeMs: 10 * SECOND_MS, wrongPerMinute: 10, wrongAtOnce: 5 };

/** Most bytes of a request. */
export const REQUEST_BYTES = 512;

export interface Desk<Peer extends ExchangePeer> {
  serves(peer: Peer): boolean;
  /** Sent first, as JSON; null: the other side speaks first. */
  greeting(): object | null;
  /** @param line the request; null: it is too long for one */
  reply(line: string | null, peer: Peer): Promise<Reply>;
  /** The answer when `reply` fails. */
  readonly failed: object;
}

class Entry<Peer extends ExchangePeer> extends Place<Peer> {
  request = Buffer.alloc(0);
}

export class OneRequestConnections<Peer extends ExchangePeer> {
  readonly #desk: Desk<Peer>;
  readonly #onFailure: (error: Error) => void;
  readonly #places = new Places<Entry<Peer>>(LIMITS);

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
    if (!this.#desk.serves(peer) || !this.#places.hasRoomFor(peer)) return false;
    const entry = new Entry(socket, peer);
    this.#places.take(entry);
    // Whoever has sent a request gets the answer first.
    socket.on("end", () => !entry.isDone && socket.end());
    socket.on("data", (bytes: Buffer) => this.#read(entry, bytes));
    const greeting = this.#desk.greeting();
    if (greeting !== null) socket.write(`${JSON.stringify(greeting)}\n`);
    return true;
  }

  /** @param now of a monotonic clock, ms */
  sweep(now: number): void {
    this.#places.sweep(now);
  }

  close(): void {
    this.#places.close();
  }

  /** What comes after the request is dropped; what is too long for one is not kept. */
  #read(entry: Entry<Peer>, bytes: Buffer): void {
    if (entry.isDone) return;
    const all = Buffer.concat([entry.request, bytes.subarray(0, REQUEST_BYTES + 1)]);
    const end = all.indexOf("\n");
    if (end < 0 && all.length <= REQUEST_BYTES) {
      entry.request = all;
      return;
    }
    entry.finish();
    void this.#reply(entry, end < 0 || all.length > REQUEST_BYTES ? null : all.toString("latin1", 0, end));
  }

  async #reply(entry: Entry<Peer>, line: string | null): Promise<void> {
    try {
      const reply = await this.#places.during(entry, () => this.#desk.reply(line, entry.peer));
      this.#places.answer(entry, reply);
    } catch (error) {
      this.#onFailure(error as Error);
      entry.answer(this.#desk.failed);
    }
  }
}
