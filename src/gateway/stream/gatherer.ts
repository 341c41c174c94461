/**
 * Bytes that are kept until they are whole: a body that is judged, an answer that is rewritten. They have a limit and
 * count in the memory budget of their client (ADR 0014).
 */
import { ByteBuffer } from "../../http/index.ts";
import type { Memory } from "../admission/memory.ts";

export class Gatherer {
  readonly #maxBytes: number;
  readonly #memory: Pick<Memory, "gathers">;
  readonly #pieces = new ByteBuffer();

  constructor(maxBytes: number, memory: Pick<Memory, "gathers">) {
    this.#maxBytes = maxBytes;
    this.#memory = memory;
  }

  /** Bytes that are kept. */
  get length(): number {
    return this.#pieces.length;
  }

  /** @param piece is copied @returns false when it exceeds the limit: nothing is kept any more */
  add(piece: Buffer): boolean {
    if (this.length + piece.length > this.#maxBytes) {
      this.drop();
      return false;
    }
    this.#pieces.add(piece);
    this.#memory.gathers(this.length);
    return true;
  }

  /** @returns everything, no longer kept */
  take(): Buffer {
    const bytes = this.#pieces.take();
    if (bytes.length > 0) this.#memory.gathers(0);
    return bytes;
  }

  drop(): void {
    this.take();
  }
}
