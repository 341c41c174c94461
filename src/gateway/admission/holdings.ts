/**
 * Memory held for clients, such as unread answers and incomplete heads. Each client has a budget, and all together have
 * one. A client above its budget loses a connection; above the total budget, the client that holds the most loses one.
 * As a rule, it is the connection that has held memory for the longest time.
 */

/** Who holds memory. */
export interface Holder {
  /** Too much is held: releases everything it holds, and ends. */
  yieldMemory(): void;
}

export interface HoldingLimits {
  readonly heldBytes: number;
  readonly heldBytesPerClient: number;
}

/** What one holder has. */
export interface Held {
  readonly bytes: number;
  /** Of these, bytes that its client has not read. */
  readonly unread: number;
}

const NOTHING: Held = { bytes: 0, unread: 0 };

interface Owner {
  bytes: number;
  unread: number;
  /** Those that have held something for the longest time come first. */
  readonly holders: Map<Holder, Held>;
}

export class Holdings {
  readonly #limits: HoldingLimits;
  readonly #onLess: () => void;
  readonly #owners = new Map<string, Owner>();
  #total = 0;

  /** @param onLess called when a client holds less than before */
  constructor(limits: HoldingLimits, onLess: () => void = () => {}) {
    this.#limits = limits;
    this.#onLess = onLess;
  }

  get total(): number {
    return this.#total;
  }

  of(owner: string): Held {
    return this.#owners.get(owner) ?? NOTHING;
  }

  /** @param held what it holds from now on */
  set(owner: string, holder: Holder, held: Held): void {
    const own = this.#owners.get(owner) ?? { bytes: 0, unread: 0, holders: new Map<Holder, Held>() };
    const before = own.holders.get(holder) ?? NOTHING;
    const more = held.bytes - before.bytes;
    if (held.bytes > 0) own.holders.set(holder, held);
    else own.holders.delete(holder);
    own.unread += held.unread - before.unread;
    own.bytes += more;
    this.#total += more;
    if (own.holders.size > 0) this.#owners.set(owner, own);
    else this.#owners.delete(owner);
    if (more > 0) this.#keepWithin(own, held.unread > 0 ? null : holder);
    else if (more < 0) this.#onLess();
  }

  /**
   * One answer may be larger than the client's budget: a client that holds only that keeps it, if the total allows it.
   * @param latest the holder that has just grown, if none of it waits to be read: it gives way first
   */
  #keepWithin(own: Owner, latest: Holder | null): void {
    while (own.bytes > this.#limits.heldBytesPerClient && own.holders.size > 1) {
      if (latest !== null && own.holders.has(latest)) latest.yieldMemory();
      else yieldFirst(own);
    }
    while (this.#total > this.#limits.heldBytes) yieldFirst(this.#largest());
  }

  #largest(): Owner {
    return [...this.#owners.values()].reduce((most, owner) => (owner.bytes > most.bytes ? owner : most));
  }
}

function yieldFirst({ holders }: Owner): void {
  const [first] = holders.keys();
  first?.yieldMemory();
}
