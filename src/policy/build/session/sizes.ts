/** How many bytes of each file are still to come, for files of which that matters. */
export class Sizes {
  /** By the file's place in the list; NaN: it does not matter. */
  #left = new Float64Array(0);

  /** Of memory. */
  get bytes(): number {
    return this.#left.byteLength;
  }

  set(at: number, size: number): void {
    if (at >= this.#left.length) {
      const grown = new Float64Array(2 ** Math.ceil(Math.log2(at + 2))).fill(Number.NaN);
      grown.set(this.#left);
      this.#left = grown;
    }
    this.#left[at] = size;
  }

  /** @returns false: these are more than the file has */
  takes(at: number, count: number): boolean {
    const left = this.#left[at];
    if (left === undefined || Number.isNaN(left)) return true;
    this.#left[at] = left - count;
    return left >= count;
  }

  /** @returns false: bytes of the file are missing */
  isWhole(at: number): boolean {
    return !((this.#left[at] ?? 0) > 0);
  }
}
