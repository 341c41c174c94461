/**
 * What waits to be written to a socket, and whether more may come. Node counts bytes only, although a piece of one byte
 * takes a hundred.
 */
import type { Writable } from "node:stream";

/** Most pieces that may wait, in addition to Node's limit in bytes. */
const MAX_WAITING = 64;
/** Most bytes written at a time: TLS encrypts all it gets at once and keeps the result until it is read. */
const SLICE_BYTES = 64 * 1024;

export class WriteQueue {
  readonly #socket: Writable;
  readonly #onDrain: () => void;
  /** Pieces written since the socket was last empty. */
  #waiting = 0;
  #isFull = false;
  /** Pieces that are not written to the socket yet; `#queued` is their size. */
  readonly #queue: Buffer[] = [];
  #queued = 0;
  /** Ends the socket after them. */
  #end: (() => void) | null = null;

  /** @param onDrain called when more may be written again, perhaps more than once */
  constructor(socket: Writable, onDrain: () => void) {
    this.#socket = socket;
    this.#onDrain = onDrain;
    socket.on("drain", () => this.#drained());
  }

  /** The socket is slow; `onDrain` follows. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Bytes that wait. What Node holds counts twice, because TLS holds it too. */
  get waitingBytes(): number {
    return this.#queued + 2 * this.#socket.writableLength;
  }

  /** @param bytes memory that nobody else uses, if more than 64 KiB @returns false when the socket is slow */
  write(bytes: Buffer | string): boolean {
    if (this.#queue.length === 0 && bytes.length <= SLICE_BYTES) this.#hand(bytes);
    else {
      const piece = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
      this.#queue.push(piece);
      this.#queued += piece.length;
      if (!this.#isFull) this.#handSlices();
    }
    return !this.#isFull;
  }

  /** Ends the socket after everything that waits. Only the first call counts. @param farewell the last bytes */
  end(farewell?: string): void {
    if (this.#end !== null) return;
    this.#end = () => void this.#socket.end(farewell);
    if (this.#queue.length === 0) this.#end();
  }

  #hand(bytes: Buffer | string): void {
    if (this.#socket.writableLength === 0) this.#waiting = 0;
    this.#waiting += 1;
    if (this.#waiting <= MAX_WAITING) this.#isFull = !this.#socket.write(bytes);
    else {
      this.#isFull = true;
      this.#socket.write(bytes, (error) => {
        if (!error) this.#drained();
      });
    }
  }

  #handSlices(): void {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const slice = first.subarray(0, SLICE_BYTES);
      if (slice.length === first.length) this.#queue.shift();
      else this.#queue[0] = first.subarray(SLICE_BYTES);
      this.#queued -= slice.length;
      this.#hand(slice);
      if (this.#isFull) break;
    }
    if (this.#queue.length > 0) this.#isFull = true;
    else this.#end?.();
  }

  #drained(): void {
    this.#isFull = false;
    if (this.#queue.length > 0) this.#handSlices();
    if (!this.#isFull) this.#onDrain();
  }
}
