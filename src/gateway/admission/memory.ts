/** What one connection holds in memory for its client; reports changes to the holdings. */

import type { GatewayContext } from "../gateway-context.ts";
import type { Holder } from "./holdings.ts";
import type { Done, Turns } from "./turns.ts";

/** Less is not counted: most heads and answers never wait. */
const LEAST_BYTES = 4 * 1024;

export class Memory implements Holder {
  readonly #context: Pick<GatewayContext, "holdings" | "turns" | "released">;
  readonly #owner: string;
  readonly #onTooMuch: () => void;
  #gathered = 0;
  #judged = 0;
  #kept = 0;
  #unread = 0;
  #unsent = 0;
  #told = 0;
  #isOver = false;

  constructor(
    context: Pick<GatewayContext, "holdings" | "turns" | "released">,
    owner: string,
    onTooMuch: () => void,
  ) {
    this.#context = context;
    this.#owner = owner;
    this.#onTooMuch = onTooMuch;
  }

  /** @param bytes of a body or an answer that is read whole before it is passed on */
  gathers(bytes: number): void {
    this.#gathered = bytes;
    this.#tell();
  }

  /** @param bytes that a judge keeps until it has decided: the body that was gathered, and what it has made of it */
  judges(bytes: number): void {
    this.#gathered = 0;
    this.#judged = bytes;
    this.#tell();
  }

  /** @param bytes of an incomplete head, or of what follows a request */
  keeps(bytes: number): void {
    this.#kept = bytes;
    this.#tell();
  }

  /** @param bytes that the client has not read yet */
  waits(bytes: number): void {
    this.#unread = bytes;
    this.#tell();
  }

  /** @param bytes of a judged request that dockerd has not taken yet */
  sends(bytes: number): void {
    this.#unsent = bytes;
    this.#tell();
  }

  /** Asks for a turn, for a large answer or body. @param go called now or later @param withheld as in {@link Turns.request} */
  wantsTurn(go: () => void, withheld?: () => void): Done {
    return this.#context.turns.request(this.#owner, go, withheld);
  }

  yieldMemory(): void {
    this.end();
    this.#onTooMuch();
  }

  /** Reports that nothing is held from now on. */
  end(): void {
    this.#gathered = 0;
    this.#judged = 0;
    this.#kept = 0;
    this.#unread = 0;
    this.#unsent = 0;
    this.#tell();
    this.#isOver = true;
  }

  #tell(): void {
    const all = this.#gathered + this.#judged + this.#kept + this.#unread + this.#unsent;
    const told = all < LEAST_BYTES ? 0 : all;
    if (told === this.#told || this.#isOver) return;
    // buffers are outside V8's heap, so V8 would let them pile up
    if (told < this.#told) this.#context.released(this.#told - told);
    this.#told = told;
    this.#context.holdings.set(this.#owner, this, { bytes: told, unread: Math.min(told, this.#unread) });
  }
}
