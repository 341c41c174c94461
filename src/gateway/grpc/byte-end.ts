/** One side of a tunnel as the stream that Node's HTTP/2 sessions need, with backpressure in both directions. */
import { Duplex } from "node:stream";

export interface ByteEndParts {
  /** @returns false when the other end is slow; `drained` follows */
  readonly write: (bytes: Buffer) => boolean;
  /** Whether more bytes are wanted. */
  readonly wanted: (more: boolean) => void;
}

export class ByteEnd extends Duplex {
  readonly #parts: ByteEndParts;
  #written: (() => void) | null = null;

  constructor(parts: ByteEndParts) {
    super({ allowHalfOpen: true });
    this.#parts = parts;
  }

  /** @param bytes copied */
  arrived(bytes: Buffer): void {
    if (!this.destroyed && !this.push(Buffer.from(bytes))) this.#parts.wanted(false);
  }

  drained(): void {
    const written = this.#written;
    this.#written = null;
    written?.();
  }

  override _read(): void {
    this.#parts.wanted(true);
  }

  /** Copies: the session reuses its memory once the bytes count as written. */
  override _write(bytes: Buffer, _encoding: string, written: () => void): void {
    if (this.#parts.write(Buffer.from(bytes))) written();
    else this.#written = written;
  }
}
