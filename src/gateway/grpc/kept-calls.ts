/**
 * What dockerd keeps in memory of one connection's calls, as policy counts it: of a build that begins, and of its results, until the
 * connection is over; of other calls until they end. Then the client may make as much again.
 */

/** The client's budget, which other connections of the client use too. */
export interface KeptBudget {
  /** @returns whether so much more may be kept, which then counts */
  readonly spend: (bytes: number) => boolean;
  readonly giveBack: (bytes: number) => void;
}

export class KeptCalls {
  readonly #budget: KeptBudget;
  #bytes = 0;

  constructor(budget: KeptBudget) {
    this.#budget = budget;
  }

  /** @param lasts whether dockerd keeps it until the connection is over */
  begin(lasts: boolean): KeptCall {
    return new KeptCall(this.#budget, (bytes) => {
      if (lasts) this.#bytes += bytes;
      else this.#budget.giveBack(bytes);
    });
  }

  /** The connection is over, and its calls are. */
  over(): void {
    this.#budget.giveBack(this.#bytes);
    this.#bytes = 0;
  }
}

/** One call's. */
export class KeptCall {
  readonly #budget: KeptBudget;
  readonly #ended: (bytes: number) => void;
  #bytes = 0;
  #isOver = false;

  constructor(budget: KeptBudget, ended: (bytes: number) => void) {
    this.#budget = budget;
    this.#ended = ended;
  }

  /** @returns false also if the call has ended meanwhile */
  readonly mayKeep = (bytes: number): boolean => {
    if (this.#isOver || !this.#budget.spend(bytes)) return false;
    this.#bytes += bytes;
    return true;
  };

  over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ended(this.#bytes);
  }
}
