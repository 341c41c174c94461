/**
 * The bytes of a head that is not whole yet. Each byte is copied a bounded number of times and looked at once, so a
 * head that comes byte by byte costs no more than its bytes.
 */
import { ByteBuffer } from "../../http/index.ts";

const END = Buffer.from("\r\n\r\n");

export class HeadBuffer {
  /** What was handed over whole: most heads come in one piece, and are never copied. */
  #whole: Buffer | null = null;
  readonly #pieces = new ByteBuffer();

  get length(): number {
    return (this.#whole?.length ?? 0) + this.#pieces.length;
  }

  /** Keeps what cannot be read yet. @param bytes nobody else's */
  hold(bytes: Buffer): void {
    this.#pieces.take();
    this.#whole = bytes.length > 0 ? bytes : null;
  }

  /** Keeps more, without a look at it. @param bytes are copied */
  append(bytes: Buffer): void {
    if (this.#whole !== null) this.#pieces.add(this.#whole);
    this.#whole = null;
    this.#pieces.add(bytes);
  }

  /** @returns everything held with what has come, or null when the head cannot be whole yet */
  add(chunk: Buffer, limit: number): Buffer | null {
    const before = this.length;
    if (before === 0) return chunk;
    this.append(chunk);
    const { bytes } = this.#pieces;
    if (bytes.length <= limit && bytes.indexOf(END, Math.max(0, before - END.length + 1)) < 0) return null;
    return this.take();
  }

  /** @returns what is held, no longer held */
  take(): Buffer | null {
    const held = this.#whole ?? (this.#pieces.length > 0 ? this.#pieces.take() : null);
    this.#whole = null;
    return held;
  }
}
