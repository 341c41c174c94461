/**
 * The bytes of an incomplete head. Each byte is copied a bounded number of times and examined once, so a head that
 * arrives byte by byte costs time in proportion to its length.
 */
import { ByteBuffer } from "../../http/index.ts";

const END = Buffer.from("\r\n\r\n");

export class HeadBuffer {
  /** A piece that was handed over whole: most heads arrive in one piece and are never copied. */
  #whole: Buffer | null = null;
  readonly #pieces = new ByteBuffer();

  get length(): number {
    return (this.#whole?.length ?? 0) + this.#pieces.length;
  }

  /** Keeps bytes that cannot be read yet. @param bytes memory that nobody else uses */
  hold(bytes: Buffer): void {
    this.#pieces.take();
    this.#whole = bytes.length > 0 ? bytes : null;
  }

  /** Keeps more without examining it. @param bytes are copied */
  append(bytes: Buffer): void {
    if (this.#whole !== null) this.#pieces.add(this.#whole);
    this.#whole = null;
    this.#pieces.add(bytes);
  }

  /** @returns everything held and the new piece, or null when the head cannot be complete yet */
  add(chunk: Buffer, limit: number): Buffer | null {
    const before = this.length;
    if (before === 0) return chunk;
    this.append(chunk);
    const { bytes } = this.#pieces;
    if (bytes.length <= limit && bytes.indexOf(END, Math.max(0, before - END.length + 1)) < 0) return null;
    return this.take();
  }

  /** @returns what was held; nothing is held afterwards */
  take(): Buffer | null {
    const held = this.#whole ?? (this.#pieces.length > 0 ? this.#pieces.take() : null);
    this.#whole = null;
    return held;
  }
}
