/**
 * Addresses from which a client on the list has connected: a new connection from there probably is one too. Nothing more
 * is known before a handshake. An address is forgotten when a client from there is refused, after a day, and at a restart.
 */
import { DAY_MS } from "../../base/index.ts";

/** Networks that are remembered; of more, those that were seen last. */
const MOST = 4_096;

export class KnownAddresses {
  /** When somebody was last let in, ms since the epoch; the longest ago first. */
  readonly #seen = new Map<string, number>();

  /** @param network as addressGroup gives it @param now milliseconds since the epoch */
  has(network: string, now: number): boolean {
    const at = this.#seen.get(network);
    return at !== undefined && now < at + DAY_MS;
  }

  /** A client on the list has come from there. */
  admit(network: string, now: number): void {
    this.#seen.delete(network);
    this.#seen.set(network, now);
    if (this.#seen.size <= MOST) return;
    for (const oldest of this.#seen.keys()) {
      this.#seen.delete(oldest);
      return;
    }
  }

  /** Somebody from there was refused. */
  forget(network: string): void {
    this.#seen.delete(network);
  }
}
