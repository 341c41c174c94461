/**
 * Patterns of paths as automata, so that "permits this for every name" is computed and not guessed from examples. A state is
 * a number; sets of states are bounded, and so is the work, whatever a pattern says.
 */

/** One state. `chars`: which characters (codes below 128) lead to `next`; without it, `next` is reached at once. */
export interface Node {
  readonly chars: ReadonlySet<number> | null;
  /** Passed only at the beginning or at the end of the path. */
  readonly at: "start" | "end" | null;
  next: number[];
}

/** Thrown where a pattern needs more states than anybody writes by hand, or has something that is not known here. */
export class PatternProblem extends Error {}

const MAX_NODES = 50_000;

/** Several patterns side by side, each with a start and an end of its own. */
export class Automaton {
  readonly nodes: Node[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  node(chars: Node["chars"] = null, at: Node["at"] = null): number {
    if (this.nodes.length >= MAX_NODES) throw new PatternProblem("it is too large");
    return this.nodes.push({ chars, at, next: [] }) - 1;
  }

  link(from: number, to: number): void {
    this.nodes[from]?.next.push(to);
  }

  /** Patterns are numbered in the order in which they are added. */
  add({ start, end }: { readonly start: number; readonly end: number }): void {
    this.#starts.push(start);
    this.#ends.push(end);
  }

  begin(): readonly number[] {
    return this.#closure(this.#starts, "start");
  }

  step(states: readonly number[], char: number): readonly number[] {
    const next = new Set<number>();
    for (const state of states) {
      const node = this.nodes[state];
      if (node?.chars?.has(char)) for (const one of node.next) next.add(one);
    }
    return this.#closure([...next], null);
  }

  /** @returns the first pattern that matches what has led to these states; -1: none */
  matched(states: readonly number[]): number {
    const all = new Set(this.#closure(states, "end"));
    return this.#ends.findIndex((end) => all.has(end));
  }

  #closure(states: readonly number[], at: Node["at"]): number[] {
    const found = new Set(states);
    const open = [...states];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      const node = this.nodes[state];
      if (node === undefined || node.chars !== null) continue;
      if (node.at !== null && node.at !== at) continue;
      for (const one of node.next)
        if (!found.has(one)) {
          found.add(one);
          open.push(one);
        }
    }
    return [...found].sort((one, other) => one - other);
  }
}
