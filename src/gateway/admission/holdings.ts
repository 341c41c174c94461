/**
 * Memory that waits for clients: answers that are not read, heads that are not whole. One budget for each client and one
 * in all; beyond them, the connection of the largest holder that has kept it waiting the longest is cut.
 */

/** Who holds memory. */
export interface Holder {
  /** Too much waits: it sets what it holds to nothing, and ends. */
  yieldMemory(): void;
}

export interface HoldingLimits {
  readonly heldBytes: number;
  readonly heldBytesPerClient: number;
}

/** What one holder has. */
export interface Held {
  readonly bytes: number;
  /** Of these, what its client does not read. */
  readonly unread: number;
}

const NOTHING: Held = { bytes: 0, unread: 0 };

interface Owner {
  bytes: number;
  unread: number;
  /** The one that has held something for the longest time comes first. */
  readonly holders: Map<Holder, Held>;
}

export class Holdings {
  readonly #limits: HoldingLimits;
  readonly #onLess: () => void;
  readonly #owners = new Map<string, Owner>();
  #total = 0;

  /** @param onLess hears that a client holds less than before */
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
   * One answer may be larger than a client's share: whoever has only that keeps it, as long as there is room in all.
   * @param latest holds more than before, and nothing that is ready to be read: it gives way to what is
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
