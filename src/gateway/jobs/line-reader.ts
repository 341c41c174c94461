/** Splits bytes into lines of limited length. Each byte is read once, however many pieces a line comes in. */
export class LineReader {
  readonly #most: number;
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** @param most bytes of a line, without its end */
  constructor(most: number) {
    this.#most = most;
  }

  /** @returns the lines that are complete; null: one is too long */
  push(bytes: Buffer): readonly string[] | null {
    const lines: string[] = [];
    for (let from = 0; ; ) {
      const end = bytes.indexOf(0x0a, from);
      const piece = bytes.subarray(from, end < 0 ? bytes.length : end);
      this.#bytes += piece.length;
      if (this.#bytes > this.#most) return null;
      this.#pieces.push(piece);
      if (end < 0) return lines;
      lines.push(Buffer.concat(this.#pieces).toString("latin1"));
      this.#pieces = [];
      this.#bytes = 0;
      from = end + 1;
    }
  }
}
