/** The connections of a line that wait for clients. Each is given to one client, once. */
import { AGENT_LIMITS } from "../../agent/index.ts";
import type { Spare } from "./open-spare.ts";

interface Kept {
  readonly spare: Spare;
  readonly since: number;
  /** Stops watching it; nothing that it receives from now on is lost. */
  readonly release: () => Spare;
}

interface Waiting {
  readonly resolve: (spare: Spare) => void;
  readonly reject: (error: unknown) => void;
}

export class SparePool {
  readonly #open: (signal: AbortSignal) => Promise<Spare>;
  readonly #now: () => number;
  readonly #kept: Kept[] = [];
  readonly #waiting: Waiting[] = [];
  #opening = 0;
  #usedAt = Number.NEGATIVE_INFINITY;
  #failure: { readonly error: unknown; readonly at: number } | null = null;
  /** Aborted when connections in progress must not be kept: they use an old key, or an old network. */
  #current = new AbortController();

  /** @param now milliseconds of a clock that is never set back */
  constructor(open: (signal: AbortSignal) => Promise<Spare>, now: () => number) {
    this.#open = open;
    this.#now = now;
  }

  get size(): number {
    return this.#kept.length;
  }

  /** Why the last connection failed; null if one was made since. */
  get problem(): string | null {
    return this.#failure === null ? null : (this.#failure.error as Error).message;
  }

  /**
   * @returns a connection that nobody else has
   * @throws why none could be made
   */
  take(): Promise<Spare> {
    this.#usedAt = this.#now();
    const spare = this.#kept.shift()?.release();
    if (spare === undefined && this.#hasJustFailed) return Promise.reject(this.#failure?.error);
    const taken = new Promise<Spare>((resolve, reject) => {
      if (spare === undefined) this.#waiting.push({ resolve, reject });
      else resolve(spare);
    });
    this.#fill();
    return taken;
  }

  /**
   * Replaces what is old or uses an address that this machine no longer has. Call it once a second.
   * @param addresses of this machine
   */
  tick(addresses: ReadonlySet<string>): void {
    const oldest = this.#now() - AGENT_LIMITS.spareMs;
    this.#drop(({ spare, since }) => since < oldest || !addresses.has(spare.localAddress));
    if (!this.#isInUse) this.#drop(() => true);
    else if (this.#failure === null) this.#fill();
  }

  /** Closes everything that waits, and what is being opened: this machine slept, or the key changed. */
  renew(): void {
    this.#current.abort();
    this.#current = new AbortController();
    this.#failure = null;
    this.#drop(() => true);
  }

  get #isInUse(): boolean {
    return this.#now() - this.#usedAt < AGENT_LIMITS.warmMs;
  }

  get #hasJustFailed(): boolean {
    return this.#failure !== null && this.#now() - this.#failure.at < AGENT_LIMITS.failureMs;
  }

  #drop(isMeant: (kept: Kept) => boolean): void {
    for (const kept of this.#kept.filter(isMeant)) {
      this.#kept.splice(this.#kept.indexOf(kept), 1);
      kept.spare.socket.destroy();
    }
  }

  #fill(): void {
    // Nothing is opened ahead to an engine that does not answer.
    const spares = this.#failure === null ? AGENT_LIMITS.spares - this.#kept.length : 0;
    const wanted = this.#waiting.length + spares;
    while (this.#opening < Math.min(wanted, AGENT_LIMITS.opening)) void this.#add();
  }

  async #add(): Promise<void> {
    const { signal } = this.#current;
    this.#opening++;
    try {
      const spare = await this.#open(signal);
      if (signal.aborted) spare.socket.destroy();
      else this.#keep(spare);
      this.#failure = null;
    } catch (error) {
      // One that was given up says nothing about the engine: whoever waits gets the next one.
      if (!signal.aborted) {
        this.#failure = { error, at: this.#now() };
        this.#waiting.shift()?.reject(error);
      }
    } finally {
      this.#opening--;
      if (this.#waiting.length > 0) this.#fill();
    }
  }

  #keep(spare: Spare): void {
    const waiting = this.#waiting.shift();
    if (waiting) {
      waiting.resolve(spare);
      return;
    }
    const { socket } = spare;
    const gone = () => this.#drop((one) => one === kept);
    const release = () => {
      socket.off("end", gone).off("close", gone).off("data", gone).pause();
      return spare;
    };
    const kept = { spare, since: this.#now(), release };
    this.#kept.push(kept);
    // Reading notices the end; an engine that speaks first is not one.
    socket.on("end", gone).on("close", gone).on("data", gone).resume();
  }
}
