/** Runs work on a large body in its turn, as for large answers, because nothing else runs meanwhile (ADR 0014). */
import type { Memory } from "./memory.ts";
import type { Done } from "./turns.ts";

/** Judging this many bytes takes at most 4 ms. */
const WITHOUT_TURN_BYTES = 16 * 1024;

export class InTurn {
  readonly #memory: Pick<Memory, "wantsTurn">;
  /** Ends the turn, or the wait for it. */
  #done: Done | null = null;

  constructor(memory: Pick<Memory, "wantsTurn">) {
    this.#memory = memory;
  }

  /** @param bytes the body's size @returns at once if it is small; work that still waits at `stop` never runs */
  run<T>(bytes: number, work: () => T | Promise<T>): T | Promise<T> {
    if (bytes <= WITHOUT_TURN_BYTES) return work();
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = this.#memory.wantsTurn(resolve);
    this.#done = done;
    return promise.then(() => {
      if (this.#done !== done) throw new Error("nobody waits for it any more");
      const start = performance.now();
      try {
        return work();
      } finally {
        this.#end(performance.now() - start);
      }
    });
  }

  /** The connection is over. */
  stop(): void {
    this.#end(0);
  }

  #end(spentMs: number): void {
    this.#done?.(spentMs);
    this.#done = null;
  }
}
