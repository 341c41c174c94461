/** Answers by client: the oldest first, clients in turn. */
import type { AnswerPlace } from "./answer-place.ts";

export class AnswerQueue {
  readonly #all = new Map<string, Set<AnswerPlace>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Clients, the one whose turn it is first. */
  get owners(): IterableIterator<string> {
    return this.#all.keys();
  }

  of(owner: string): ReadonlySet<AnswerPlace> {
    return this.#all.get(owner) ?? NONE;
  }

  add(place: AnswerPlace): void {
    const own = this.#all.get(place.owner) ?? new Set();
    this.#all.set(place.owner, own.add(place));
    this.#size += 1;
  }

  /** @returns whether it was here */
  remove(place: AnswerPlace): boolean {
    const own = this.#all.get(place.owner);
    if (!own?.delete(place)) return false;
    if (own.size === 0) this.#all.delete(place.owner);
    this.#size -= 1;
    return true;
  }

  /** Gives the other clients their turns first. */
  rotate(owner: string): void {
    const own = this.#all.get(owner);
    if (own === undefined) return;
    this.#all.delete(owner);
    this.#all.set(owner, own);
  }

  /** The client that has most. */
  get largest(): string {
    let most = "";
    for (const owner of this.#all.keys()) if (this.of(owner).size > this.of(most).size) most = owner;
    return most;
  }

  get all(): AnswerPlace[] {
    return [...this.#all.values()].flatMap((own) => [...own]);
  }
}

const NONE: ReadonlySet<AnswerPlace> = new Set();
