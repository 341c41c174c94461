/** The client's socket: its bytes, its half-close, and a last answer that no reset overtakes. */
import type { Duplex } from "node:stream";
import type { Limits } from "../admission/limits.ts";
import type { Memory } from "../admission/memory.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { Sockets } from "../ports.ts";
import { WriteQueue } from "../stream/write-queue.ts";
import { ClientReader } from "./client-reader.ts";

/** `encrypted` tells a TLSSocket from a plain one. */
export type ClientSocket = Duplex & { readonly encrypted?: boolean };

/** Events for the connection. */
export interface ClientEvents {
  /** @param bytes may be overwritten as soon as this returns, or once `holdsBytes` is false */
  fromClient(bytes: Buffer): void;
  /** Whether the client's bytes still have to be written to dockerd. */
  readonly holdsBytes: boolean;
  /** The client has sent its last byte and may still read. */
  clientEnded(): void;
  /** The socket is closed. Called once. */
  clientGone(why: string): void;
  /** The client accepts bytes again. */
  clientDrained(): void;
}

/** What a dropped piece counts as at least: reading a small one costs as much as one of this size. */
const DROPPED_AT_LEAST = 1_024;

/** What can pause reading from the client. */
export type Reader = "reader" | "docker";

export class ClientSide {
  readonly #socket: ClientSocket;
  readonly #encrypts: boolean;
  readonly #limits: Limits;
  readonly #isGone: Sockets["isGone"];
  readonly #reader: ClientReader;
  readonly #out: WriteQueue;
  readonly #memory: Pick<Memory, "waits">;
  readonly #against = new Set<Reader>();
  #hasEnded = false;
  #leaving = false;
  /** Everything has left this process. */
  #isFlushed = false;
  #leaveBy: number | null = null;
  #dropped = 0;

  constructor(
    socket: ClientSocket,
    context: GatewayContext,
    memory: Pick<Memory, "waits">,
    events: ClientEvents,
  ) {
    this.#socket = socket;
    this.#memory = memory;
    this.#encrypts = socket.encrypted === true;
    this.#limits = context.limits;
    this.#isGone = context.sockets.isGone;
    let why = "the client closed the connection";
    const take = (bytes: Buffer) => (this.#leaving ? this.#drop(bytes) : events.fromClient(bytes));
    this.#reader = new ClientReader(socket, context, take, () => events.holdsBytes);
    socket.on("end", () => {
      this.#hasEnded = true;
      if (!this.#leaving) events.clientEnded();
    });
    this.#out = new WriteQueue(socket, () => {
      memory.waits(0);
      events.clientDrained();
    });
    socket.on("finish", () => {
      this.#isFlushed = true;
    });
    socket.on("error", (error: Error) => {
      why = error.message;
    });
    socket.on("close", () => events.clientGone(why));
  }

  /** The client has sent its last byte. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The client is slow; `clientDrained` follows. */
  get isFull(): boolean {
    return this.#out.isFull;
  }

  /** Bytes that the client has not read yet, without those that the kernel has taken. */
  get waitingBytes(): number {
    return this.#out.waitingBytes;
  }

  /** @returns the bytes in memory that is not overwritten before they are written: a copy, or the same */
  kept(bytes: Buffer): Buffer {
    return this.#reader.overwrites(bytes.length) ? Buffer.from(bytes) : bytes;
  }

  /** @returns false when the client is slow */
  write(bytes: Buffer | string): boolean {
    // Even an empty write makes TLS read, which would happen in the middle of an event.
    const flows = bytes.length === 0 ? !this.#out.isFull : this.#out.write(bytes);
    if (!flows) this.#memory.waits(this.#out.waitingBytes);
    return flows;
  }

  /**
   * Writes from a buffer that is overwritten once this returns. TLS encrypts at once, unless earlier bytes wait; a
   * plain socket keeps a reference to what the kernel did not accept.
   * @returns false when the client is slow
   */
  pass(bytes: Buffer): boolean {
    const isCopiedAnyway = this.#encrypts && this.#socket.writableLength === 0;
    return this.write(isCopiedAnyway ? bytes : Buffer.from(bytes));
  }

  /** Reads only while both sides accept more. @param who one of them @param yes whether it accepts more */
  read(who: Reader, yes: boolean): void {
    if (yes) this.#against.delete(who);
    else this.#against.add(who);
    if (this.#leaving) return;
    if (this.#against.size === 0) this.#socket.resume();
    else this.#socket.pause();
  }

  /** Ends our side after all that waits, and keeps reading. */
  halfClose(): void {
    this.#out.end();
  }

  /**
   * Sends the last bytes and drops what still arrives, within limits. Closing at once would answer bytes in flight with
   * a reset, which can overtake the last answer.
   * @see RFC 9112 §9.6
   */
  leave(farewell?: string): void {
    if (this.#leaving) return;
    this.#leaving = true;
    // Only once: a second end is an error that discards what is not flushed yet.
    this.#out.end(farewell);
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /**
   * `lingerMs` begins when all is flushed, however slowly the client reads. A client that has ended, or is not read from, may be gone
   * without an event. @param now milliseconds since the epoch
   */
  sweep(now: number): void {
    if ((this.#hasEnded || this.#socket.isPaused()) && this.#isGone(this.#socket)) this.destroy();
    if (!this.#leaving || !this.#isFlushed) return;
    this.#leaveBy ??= now + this.#limits.lingerMs;
    if (now >= this.#leaveBy) this.destroy();
  }

  /** Stops reading above the limit: a client that can no longer write looks for an answer. */
  #drop(bytes: Buffer): void {
    this.#dropped += Math.max(bytes.length, DROPPED_AT_LEAST);
    if (this.#dropped > this.#limits.lingerBytes) this.#socket.pause();
  }
}
