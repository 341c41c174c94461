/** How many each holder has, and who has the most. Every operation takes constant time, however many holders. */

export class Tally<Holder> {
  readonly #counts = new Map<Holder, number>();
  /** Holders by how many they have. */
  readonly #byCount = new Map<number, Set<Holder>>();
  #most = 0;

  of(holder: Holder): number {
    return this.#counts.get(holder) ?? 0;
  }

  /** Holders that have something. */
  get size(): number {
    return this.#counts.size;
  }

  /** How many the largest holder has. */
  get most(): number {
    return this.#most;
  }

  /** Of the holders with the most, the one that has had that many for the longest time. */
  get largest(): Holder | undefined {
    for (const holder of this.#byCount.get(this.#most) ?? []) return holder;
    return undefined;
  }

  add(holder: Holder): void {
    this.#move(holder, this.of(holder) + 1);
  }

  remove(holder: Holder): void {
    const before = this.of(holder);
    if (before > 0) this.#move(holder, before - 1);
  }

  #move(holder: Holder, after: number): void {
    const before = this.of(holder);
    const left = this.#byCount.get(before);
    left?.delete(holder);
    if (left?.size === 0) this.#byCount.delete(before);
    if (after === 0) this.#counts.delete(holder);
    else {
      this.#counts.set(holder, after);
      const joined = this.#byCount.get(after);
      if (joined) joined.add(holder);
      else this.#byCount.set(after, new Set([holder]));
    }
    // counts change by one: the holder that left `most` empty has just moved to the next count below
    if (after > this.#most) this.#most = after;
    else if (!this.#byCount.has(this.#most)) this.#most = after;
  }
}
