/** A set of small numbers, with a bit for each. */
export class Bits {
  #bits = new Uint8Array(64);

  /** Of memory. */
  get bytes(): number {
    return this.#bits.length;
  }

  has(at: number): boolean {
    return ((this.#bits[Math.floor(at / 8)] ?? 0) & (1 << (at % 8))) !== 0;
  }

  add(at: number): void {
    const index = Math.floor(at / 8);
    if (index >= this.#bits.length) {
      const grown = new Uint8Array(2 ** Math.ceil(Math.log2(index + 1)));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[index] = (this.#bits[index] ?? 0) | (1 << (at % 8));
  }
}
