/** What is written to a socket, and whether more may come. Node counts octets, and one that waits alone takes a hundred. */
import type { Writable } from "node:stream";

/** Pieces that wait, beside Node's limit in octets. */
const MAX_WAITING = 64;

export class Outflow {
  readonly #socket: Writable;
  readonly #onDrain: () => void;
  /** Pieces written since everything was. */
  #waiting = 0;
  #isFull = false;

  /** @param onDrain called when more may come again; perhaps more than once */
  constructor(socket: Writable, onDrain: () => void) {
    this.#socket = socket;
    this.#onDrain = onDrain;
    socket.on("drain", () => this.#drained());
  }

  /** It piles up: `onDrain` will tell. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** @returns false when it piles up */
  write(bytes: Buffer | string): boolean {
    if (this.#socket.writableLength === 0) this.#waiting = 0;
    this.#waiting += 1;
    if (this.#waiting <= MAX_WAITING) this.#isFull = !this.#socket.write(bytes);
    else {
      this.#isFull = true;
      this.#socket.write(bytes, (error) => {
        if (!error) this.#drained();
      });
    }
    return !this.#isFull;
  }

  #drained(): void {
    this.#isFull = false;
    this.#onDrain();
  }
}
