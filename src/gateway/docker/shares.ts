/** Several holders that share the figure of one connection's memory. */
import type { Memory } from "../admission/memory.ts";

export class Shares {
  readonly #memory: Pick<Memory, "gathers" | "wantsTurn">;
  #all = 0;

  constructor(memory: Pick<Memory, "gathers" | "wantsTurn">) {
    this.#memory = memory;
  }

  /** Bytes that all holders have. */
  get bytes(): number {
    return this.#all;
  }

  share(): Pick<Memory, "gathers" | "wantsTurn"> {
    let own = 0;
    return {
      gathers: (bytes) => {
        this.#all += bytes - own;
        own = bytes;
        this.#memory.gathers(this.#all);
      },
      wantsTurn: (go, withheld) => this.#memory.wantsTurn(go, withheld),
    };
  }
}
