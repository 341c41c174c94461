/** An answer's turn to be gathered: large ones are read one at a time (ADR 0014). */
import type { Memory } from "../admission/memory.ts";
import type { Done } from "../admission/turns.ts";

/** Most bytes that are gathered without a turn. */
const WITHOUT_TURN_BYTES = 64 * 1024;

export class Turn {
  readonly #memory: Pick<Memory, "wantsTurn">;
  /** Ends the turn, or the wait for it. */
  #done: Done | null = null;
  #isWaiting = false;

  constructor(memory: Pick<Memory, "wantsTurn">) {
    this.#memory = memory;
  }

  /** Whether it waits for its turn: nothing is read meanwhile. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /**
   * Asks for a turn once, if this many bytes need one.
   * @param go called when it begins, perhaps at once
   * @param withheld called, perhaps more than once, when it could begin but for what the client leaves unread
   */
  wantFor(gatheredBytes: number, go: () => void, withheld?: () => void): void {
    if (gatheredBytes <= WITHOUT_TURN_BYTES || this.#done !== null) return;
    this.#isWaiting = true;
    this.#done = this.#memory.wantsTurn(() => {
      this.#isWaiting = false;
      go();
    }, withheld);
  }

  /** @param spentMs processor time */
  end(spentMs: number): void {
    this.#done?.(spentMs);
    this.#done = null;
    this.#isWaiting = false;
  }
}
