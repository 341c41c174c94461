/**
 * Addresses from which a client on the list has connected: a new connection from there is probably a client's too, and
 * before the handshake nothing more is known. An address is forgotten when a peer from there is refused, after a day,
 * and at a restart.
 */
import { DAY_MS } from "../../base/index.ts";

/** How many networks are remembered: the ones seen last. */
const MOST = 4_096;

export class KnownAddresses {
  /** When a client was last admitted, ms since the epoch; the oldest first. */
  readonly #seen = new Map<string, number>();

  /** @param network as addressGroup gives it @param now milliseconds since the epoch */
  has(network: string, now: number): boolean {
    const at = this.#seen.get(network);
    return at !== undefined && now < at + DAY_MS;
  }

  /** A client on the list has connected from there. */
  admit(network: string, now: number): void {
    this.#seen.delete(network);
    this.#seen.set(network, now);
    if (this.#seen.size <= MOST) return;
    for (const oldest of this.#seen.keys()) {
      this.#seen.delete(oldest);
      return;
    }
  }

  /** A peer from there was refused. */
  forget(network: string): void {
    this.#seen.delete(network);
  }
}
