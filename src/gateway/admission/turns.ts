/**
 * Whose large answer or body is processed next: one at a time, clients in turn, each after a pause that grows with the
 * cost of the one before. Nothing else runs meanwhile, and processing takes many times the answer's size in memory.
 */

/** A pause is three times as long as the turn before it, so that such work takes a quarter of the time. */
const PAUSES = 3;
/** Caps the pause after a turn of more than a third of a second: others wait for their turns. */
const LONGEST_PAUSE_MS = 1_000;

interface Request {
  readonly begin: () => void;
  readonly withheld: () => void;
}

/** Call once, when the turn is over or given up. @param spentMs processor time that the turn took */
export type Done = (spentMs: number) => void;

export class Turns {
  readonly #mayBegin: (owner: string) => boolean;
  /** By owner; after a turn, an owner goes to the end. */
  readonly #waiting = new Map<string, Set<Request>>();
  #isTaken = false;

  /** @param mayBegin whether this owner may have a turn now; if not, call `next` when it may */
  constructor(mayBegin: (owner: string) => boolean) {
    this.#mayBegin = mayBegin;
  }

  /** @param go called now or later @param withheld called each time the turn is free, but not for this owner */
  request(owner: string, go: () => void, withheld: () => void = () => {}): Done {
    let isGoing = false;
    const begin = () => {
      isGoing = true;
      go();
    };
    const request = { begin, withheld };
    this.#waiting.set(owner, (this.#waiting.get(owner) ?? new Set()).add(request));
    this.next();
    return (spentMs) => {
      if (isGoing) this.#pause(spentMs);
      else this.#remove(owner, request);
    };
  }

  /** Gives the turn to the next one who may have it. */
  next(): void {
    if (this.#isTaken) return;
    for (const [owner, all] of this.#waiting) {
      if (!this.#mayBegin(owner)) {
        for (const { withheld } of all) withheld();
        continue;
      }
      for (const request of all) {
        this.#isTaken = true;
        this.#remove(owner, request);
        const left = this.#waiting.get(owner);
        if (left) {
          this.#waiting.delete(owner);
          this.#waiting.set(owner, left);
        }
        request.begin();
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

  #remove(owner: string, request: Request): void {
    const all = this.#waiting.get(owner);
    all?.delete(request);
    if (all?.size === 0) this.#waiting.delete(owner);
  }
}
