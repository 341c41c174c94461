/**
 * Whose handshake comes next. A handshake costs a millisecond of the one processor there is, so a flood of them must
 * not push others out: each address has its own line, and the lines take turns.
 */

/** How many at a time. */
export interface HandshakeLimits {
  readonly handshakes: number;
  readonly handshakesPerAddress: number;
}

/** One that waits for its turn. */
interface Waiting {
  readonly start: () => void;
  gone: boolean;
}

/** An IPv6 /64 is one household: whoever has one has 2^64 addresses. */
export function addressGroup(address: string): string {
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [left = "", right] = address.split("::");
  const before = left === "" ? [] : left.split(":");
  const after = right === undefined || right === "" ? [] : right.split(":");
  const zeros = Array.from({ length: right === undefined ? 0 : 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].slice(0, 4).join(":");
}

export class HandshakeQueue {
  readonly #limits: HandshakeLimits;
  readonly #running = new Map<string, number>();
  readonly #lines = new Map<string, Waiting[]>();
  #total = 0;

  constructor(limits: HandshakeLimits) {
    this.#limits = limits;
  }

  /** Handshakes under way. */
  get running(): number {
    return this.#total;
  }

  /** Of one group. */
  runningOf(group: string): number {
    return this.#running.get(group) ?? 0;
  }

  /** How many groups wait and have nothing under way: all places are taken by others. */
  get starved(): number {
    const isStarved = ([group, line]: [string, Waiting[]]) =>
      !this.#running.has(group) && line.some(({ gone }) => !gone);
    return [...this.#lines].filter(isStarved).length;
  }

  /**
   * @param group as {@link addressGroup} gives it
   * @param start called now or later: the handshake may begin; `leave` must follow it
   * @returns takes it out of the line again, if it still waits
   */
  enter(group: string, start: () => void): () => void {
    if (this.#hasRoom(group)) {
      this.#begin(group, start);
      return () => {};
    }
    const waiting: Waiting = { start, gone: false };
    const line = this.#lines.get(group);
    if (line) line.push(waiting);
    else this.#lines.set(group, [waiting]);
    return () => {
      waiting.gone = true;
    };
  }

  /** One of this group's has ended, whichever way. */
  leave(group: string): void {
    const left = (this.#running.get(group) ?? 1) - 1;
    if (left > 0) this.#running.set(group, left);
    else this.#running.delete(group);
    this.#total--;
    this.#next();
  }

  #hasRoom(group: string): boolean {
    const { handshakes, handshakesPerAddress } = this.#limits;
    return this.#total < handshakes && (this.#running.get(group) ?? 0) < handshakesPerAddress;
  }

  #begin(group: string, start: () => void): void {
    this.#total++;
    this.#running.set(group, (this.#running.get(group) ?? 0) + 1);
    start();
  }

  /** Who has nothing under way comes first; else, whoever had a turn is last. */
  #next(): void {
    if (!this.#nextOf(true)) this.#nextOf(false);
  }

  /** A Map keeps the order in which its keys came: whoever has a turn goes to its end. @returns false: nobody */
  #nextOf(idleOnly: boolean): boolean {
    for (const [group, line] of this.#lines) {
      while (line[0]?.gone) line.shift();
      if (line.length === 0) this.#lines.delete(group);
      else if (this.#hasRoom(group) && !(idleOnly && this.#running.has(group))) {
        const first = line.shift() as Waiting;
        this.#lines.delete(group);
        if (line.length > 0) this.#lines.set(group, line);
        this.#begin(group, first.start);
        return true;
      }
    }
    return false;
  }
}
