/** Tracks who has which connections, and picks the one that makes room when there are too many in all. */
import { Tally } from "../admission/tally.ts";

/** What the roll needs to know about a connection. */
export interface Listed {
  /** No request is running or kept on it. */
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
   * Picks one that makes room, from the owner with the most: the oldest idle one, or else the newest.
   * @param than the owner must have more than this many
   */
  largest(than: number): Connection | undefined {
    let found: Connection | undefined;
    if (this.#tally.most <= than) return found;
    // one owner's connections only, and their number is limited
    for (const connection of this.#byOwner.get(this.#tally.largest ?? "") ?? []) {
      found = connection;
      if (connection.isIdle) break;
    }
    return found;
  }
}
