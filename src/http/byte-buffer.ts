/** Collects pieces into one buffer. It grows by doubling, so a thousand pieces cost about as much as one. */

const SMALLEST = 512;
const NOTHING = Buffer.alloc(0);

export class ByteBuffer {
  #memory = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A view of everything so far. The next `add` does not overwrite it, but may move the buffer to other memory. */
  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#length);
  }

  /** @param piece copied into the buffer */
  add(piece: Buffer): void {
    const needed = this.#length + piece.length;
    if (needed > this.#memory.length) this.#grow(needed);
    piece.copy(this.#memory, this.#length);
    this.#length = needed;
  }

  /** @returns everything; the buffer is empty afterwards */
  take(): Buffer {
    const { bytes } = this;
    this.#memory = NOTHING;
    this.#length = 0;
    return bytes;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(SMALLEST, needed, this.#memory.length * 2));
    this.#memory.copy(larger, 0, 0, this.#length);
    this.#memory = larger;
  }
}
