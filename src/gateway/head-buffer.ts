/** Octets of a head that is not whole yet. Looks again only when its end has come, so that one octet at a time costs no more than a flood would. */
const END = Buffer.from("\r\n\r\n");

export class HeadBuffer {
  #held: Buffer | null = null;

  get length(): number {
    return this.#held?.length ?? 0;
  }

  /** Keeps what cannot be read yet. */
  hold(bytes: Buffer): void {
    this.#held = bytes.length > 0 ? bytes : null;
  }

  /** @returns everything held with what has come, or null when the head cannot be whole yet */
  add(chunk: Buffer, limit: number): Buffer | null {
    if (this.#held === null) return chunk;
    const before = this.#held.length;
    const all = Buffer.concat([this.#held, chunk]);
    this.#held = all;
    if (all.length <= limit && all.indexOf(END, Math.max(0, before - END.length + 1)) < 0) return null;
    return this.take();
  }

  /** @returns what is held, no longer held */
  take(): Buffer | null {
    const held = this.#held;
    this.#held = null;
    return held;
  }
}
