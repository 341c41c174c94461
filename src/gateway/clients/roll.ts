/** Who has which connections, and which one makes room when there are too many in all. */
import { Tally } from "../admission/tally.ts";

/** What the roll must know of a connection. */
export interface Listed {
  /** Nothing runs on it. */
  readonly isIdle: boolean;
}

export class Roll<Connection extends Listed> {
  /** By owner, the oldest first. */
  readonly #byOwner = new Map<string, Set<Connection>>();
  readonly #tally = new Tally<string>();

  countOf(owner: string): number {
    return this.#tally.of(owner);
  }

  add(owner: string, connection: Connection): void {
    const all = this.#byOwner.get(owner) ?? new Set<Connection>();
    this.#byOwner.set(owner, all.add(connection));
    this.#tally.add(owner);
  }

  remove(owner: string, connection: Connection): void {
    const all = this.#byOwner.get(owner);
    if (!all?.delete(connection)) return;
    if (all.size === 0) this.#byOwner.delete(owner);
    this.#tally.remove(owner);
  }

  /**
   * One that makes room: of the owner with most, the oldest one that is idle, or else the newest.
   * @param than the owner must have more than so many
   */
  largest(than: number): Connection | undefined {
    let found: Connection | undefined;
    if (this.#tally.most <= than) return found;
    // as many as one client may have, and no more
    for (const connection of this.#byOwner.get(this.#tally.largest ?? "") ?? []) {
      found = connection;
      if (connection.isIdle) break;
    }
    return found;
  }
}
