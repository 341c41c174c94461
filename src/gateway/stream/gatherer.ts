/**
 * Collects bytes until they are complete, such as a body to be judged or an answer to be rewritten. They have a limit
 * and count against the client's memory budget (ADR 0014).
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

  /** @param piece is copied @returns false when the limit is exceeded: nothing is kept then */
  add(piece: Buffer): boolean {
    if (this.length + piece.length > this.#maxBytes) {
      this.drop();
      return false;
    }
    this.#pieces.add(piece);
    this.#memory.gathers(this.length);
    return true;
  }

  /** @returns everything; nothing is kept afterwards */
  take(): Buffer {
    const bytes = this.#pieces.take();
    if (bytes.length > 0) this.#memory.gathers(0);
    return bytes;
  }

  drop(): void {
    this.take();
  }
}
