/** The client's socket: its bytes, its half-close, and a farewell that is not lost to a reset. */
import type { Duplex } from "node:stream";
import type { Limits } from "../admission/limits.ts";
import type { Memory } from "../admission/memory.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { WriteQueue } from "../stream/write-queue.ts";
import { ClientReader } from "./client-reader.ts";

/** `encrypted` is how a TLSSocket can be told from a plain one. */
export type ClientSocket = Duplex & { readonly encrypted?: boolean };

/** What the connection is told. */
export interface ClientEvents {
  /** @param bytes may be overwritten as soon as this returns, or when `holdsBytes` says that nobody needs them */
  fromClient(bytes: Buffer): void;
  /** Whether bytes of the client are still to be written to dockerd. */
  readonly holdsBytes: boolean;
  /** It has sent its last byte and may still read. */
  clientEnded(): void;
  /** It is gone, and so is the socket. Told once. */
  clientGone(why: string): void;
  /** It takes bytes again. */
  clientDrained(): void;
}

/** What a piece counts for, however small it is: to read it costs as much. */
const DROPPED_AT_LEAST = 1_024;

/** Whose turn it is to take what comes. */
export type Reader = "reader" | "docker";

export class ClientSide {
  readonly #socket: ClientSocket;
  readonly #encrypts: boolean;
  readonly #limits: Limits;
  readonly #reader: ClientReader;
  readonly #out: WriteQueue;
  readonly #memory: Pick<Memory, "waits">;
  readonly #against = new Set<Reader>();
  #hasEnded = false;
  #leaving = false;
  /** Everything of ours has left this process. */
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

  /** It has sent its last byte. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Bytes pile up: `clientDrained` will tell. */
  get isFull(): boolean {
    return this.#out.isFull;
  }

  /** Memory for bytes that come from it now and are to be written: the same, where it stays as it is as long. */
  kept(bytes: Buffer): Buffer {
    return this.#reader.overwrites(bytes.length) ? Buffer.from(bytes) : bytes;
  }

  /** @returns false when bytes pile up */
  write(bytes: Buffer | string): boolean {
    // Nothing is not nothing to TLS: it would look for what has come, in the midst of what is being told.
    const flows = bytes.length === 0 ? !this.#out.isFull : this.#out.write(bytes);
    if (!flows) this.#memory.waits(this.#out.waitingBytes);
    return flows;
  }

  /**
   * For bytes in a buffer that is overwritten as soon as this returns. TLS encrypts what it is given at once, unless
   * something waits before it; a plain socket keeps a reference to what the kernel did not take.
   * @returns false when bytes pile up
   */
  pass(bytes: Buffer): boolean {
    const isCopiedAnyway = this.#encrypts && this.#socket.writableLength === 0;
    return this.write(isCopiedAnyway ? bytes : Buffer.from(bytes));
  }

  /** Reads on only when nobody is against it. @param who says so @param yes whether it takes more */
  read(who: Reader, yes: boolean): void {
    if (yes) this.#against.delete(who);
    else this.#against.add(who);
    if (this.#leaving) return;
    if (this.#against.size === 0) this.#socket.resume();
    else this.#socket.pause();
  }

  /** Sends the last byte; what the client still has to say is heard. */
  halfClose(): void {
    this.#out.end();
  }

  /**
   * Sends the last bytes, and drops what still comes, within limits: closing at once would answer bytes under way
   * with a reset, which can overtake the farewell.
   * @see RFC 9112 §9.6
   */
  leave(farewell?: string): void {
    if (this.#leaving) return;
    this.#leaving = true;
    // Once: an end after an end is an error, which would take along what is not flushed yet.
    this.#out.end(farewell);
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** The time to linger begins when a slow reader has everything. @param now milliseconds since the epoch */
  sweep(now: number): void {
    if (!this.#leaving || !this.#isFlushed) return;
    this.#leaveBy ??= now + this.#limits.lingerMs;
    if (now >= this.#leaveBy) this.destroy();
  }

  /** Beyond the limit nothing is read any more: who cannot go on writing looks for an answer. */
  #drop(bytes: Buffer): void {
    this.#dropped += Math.max(bytes.length, DROPPED_AT_LEAST);
    if (this.#dropped > this.#limits.lingerBytes) this.#socket.pause();
  }
}
