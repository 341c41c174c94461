/** Counts and names with a bound, for records that somebody else wrote. */

const MAX_KEYS = 500;
const MAX_NAMES = 1_000;

export interface Counted {
  readonly name: string;
  readonly count: number;
}

/** Distinct names, in the order in which they were first used. */
export interface Touched {
  readonly names: readonly string[];
  /** Whether there were more than are kept. */
  readonly more: boolean;
}

/** Counts by name; what no longer fits counts as `others`. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    const key = this.#counts.has(name) || this.#counts.size < MAX_KEYS ? name : "others";
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  get sorted(): Counted[] {
    return [...this.#counts]
      .map(([name, count]) => ({ name, count }))
      .toSorted((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1));
  }
}

export class Names {
  readonly #names = new Set<string>();
  #more = false;

  add(name: string): void {
    if (this.#names.size < MAX_NAMES) this.#names.add(name);
    else if (!this.#names.has(name)) this.#more = true;
  }

  get touched(): Touched {
    return { names: [...this.#names], more: this.#more };
  }
}
