/** The client's socket: its octets, its half-close, and a farewell that is not lost to a reset. */
import type { Duplex } from "node:stream";
import type { Limits } from "./limits.ts";

/** What the connection is told. */
export interface ClientEvents {
  fromClient(bytes: Buffer): void;
  /** It has sent its last octet and may still read. */
  clientEnded(): void;
  /** It is gone, and so is the socket. Told once. */
  clientGone(why: string): void;
  /** It takes octets again. */
  clientDrained(): void;
}

export class ClientSide {
  readonly #socket: Duplex;
  readonly #limits: Limits;
  #hasEnded = false;
  #leaving = false;
  #leaveBy = 0;
  #dropped = 0;

  constructor(socket: Duplex, limits: Limits, events: ClientEvents) {
    this.#socket = socket;
    this.#limits = limits;
    let why = "the client closed the connection";
    socket.on("data", (bytes: Buffer) => (this.#leaving ? this.#drop(bytes) : events.fromClient(bytes)));
    socket.on("end", () => {
      this.#hasEnded = true;
      if (!this.#leaving) events.clientEnded();
    });
    socket.on("drain", () => events.clientDrained());
    socket.on("error", (error: Error) => {
      why = error.message;
    });
    socket.on("close", () => events.clientGone(why));
  }

  /** It has sent its last octet. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** We have sent ours. */
  get isLeaving(): boolean {
    return this.#leaving;
  }

  /** @returns false when octets pile up */
  write(bytes: Buffer | string): boolean {
    return this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Sends the last octet; what the client still has to say is heard. */
  halfClose(): void {
    this.#socket.end();
  }

  /**
   * Sends the last octets, and drops what still comes, within limits: closing at once would answer octets under way
   * with a reset, which can overtake the farewell.
   * @param now milliseconds since the epoch
   * @see RFC 9112 §9.6
   */
  leave(farewell: string, now: number): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#leaveBy = now + this.#limits.lingerMs;
    this.#socket.end(farewell);
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** @param now milliseconds since the epoch */
  sweep(now: number): void {
    if (this.#leaving && now >= this.#leaveBy) this.destroy();
  }

  #drop(bytes: Buffer): void {
    this.#dropped += bytes.length;
    if (this.#dropped > this.#limits.lingerBytes) this.destroy();
  }
}
