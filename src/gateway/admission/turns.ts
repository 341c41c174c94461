/**
 * Who may have a large answer read and written anew: one at a time, clients in turn, and each after a pause that grows
 * with what the one before has cost. Nothing else runs meanwhile, and such an answer takes many times its size.
 */

/** A pause is three times as long as the turn before it: rewriting takes a quarter of the time at most. */
const PAUSES = 3;
/** After a turn of more than a third of a second the pause is shorter than that: others wait for theirs. */
const LONGEST_PAUSE_MS = 1_000;

/** To be called once: the turn is over, or not waited for any more. @param spentMs processor time that it took */
export type Done = (spentMs: number) => void;

export class Turns {
  readonly #mayBegin: (owner: string) => boolean;
  /** By owner; whoever had a turn goes to the end. */
  readonly #waiting = new Map<string, Set<() => void>>();
  #isTaken = false;

  /** @param mayBegin whether this owner may have a turn now; or else `next` is called when it may */
  constructor(mayBegin: (owner: string) => boolean) {
    this.#mayBegin = mayBegin;
  }

  /** @param go called now or later */
  request(owner: string, go: () => void): Done {
    let isGoing = false;
    const begin = () => {
      isGoing = true;
      go();
    };
    this.#waiting.set(owner, (this.#waiting.get(owner) ?? new Set()).add(begin));
    this.next();
    return (spentMs) => {
      if (isGoing) this.#pause(spentMs);
      else this.#remove(owner, begin);
    };
  }

  /** Gives the turn to the next one who may have it. */
  next(): void {
    if (this.#isTaken) return;
    for (const [owner, all] of this.#waiting) {
      if (!this.#mayBegin(owner)) continue;
      for (const begin of all) {
        this.#isTaken = true;
        this.#remove(owner, begin);
        const left = this.#waiting.get(owner);
        if (left) {
          this.#waiting.delete(owner);
          this.#waiting.set(owner, left);
        }
        begin();
        return;
      }
    }
  }

  #pause(spentMs: number): void {
    const pause = Math.min(LONGEST_PAUSE_MS, spentMs * PAUSES);
    setTimeout(() => {
      this.#isTaken = false;
      this.next();
    }, pause);
  }

  #remove(owner: string, begin: () => void): void {
    const all = this.#waiting.get(owner);
    all?.delete(begin);
    if (all?.size === 0) this.#waiting.delete(owner);
  }
}
