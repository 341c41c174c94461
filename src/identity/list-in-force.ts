/** The client list that somebody goes by while others change it. */
import { applyChange, type Change, type Changed, type Refused } from "./change.ts";
import type { Client } from "./client.ts";
import type { ClientStore, KeptClients } from "./store.ts";

/** Another writer may come in between; not for ever. */
const ATTEMPTS = 5;

export class ListInForce {
  readonly #store: ClientStore;
  readonly #onChange: (clients: readonly Client[]) => void;
  #kept: KeptClients;
  #lastRead: Promise<unknown> = Promise.resolve();
  #lastChange: Promise<unknown> = Promise.resolve();

  /**
   * @param kept what is in force from the start
   * @param onChange puts another list in force, at once
   */
  constructor(store: ClientStore, kept: KeptClients, onChange: (clients: readonly Client[]) => void) {
    this.#store = store;
    this.#kept = kept;
    this.#onChange = onChange;
  }

  get clients(): readonly Client[] {
    return this.#kept.clients;
  }

  /**
   * Puts in force what is kept now. One at a time: what was read first is never put in force last.
   * @returns whether it is another list
   * @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN; then what was in force stays
   */
  refresh(): Promise<boolean> {
    return this.#read(() => this.#store.read());
  }

  /**
   * Changes what is kept, and puts it in force. One change after the other: many at once would use up their attempts on
   * each other.
   * @param now milliseconds since the epoch
   * @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN, GATEWAY_CLIENTS_FULL; then nothing was changed
   */
  change(change: Change, now: () => number): Promise<Changed | Refused> {
    const done = this.#lastChange.then(() => this.#change(change, now));
    this.#lastChange = done.catch(() => {});
    return done;
  }

  #read(read: () => Promise<KeptClients>): Promise<boolean> {
    const done = this.#lastRead.then(async () => {
      const kept = await read();
      if (kept.revision === this.#kept.revision) return false;
      this.#kept = kept;
      this.#onChange(kept.clients);
      return true;
    });
    this.#lastRead = done.catch(() => {});
    return done;
  }

  async #change(change: Change, now: () => number): Promise<Changed | Refused> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { clients, revision } = await this.#store.read();
      const changed = applyChange(change, clients, now());
      if ("refused" in changed) return changed;
      if ((await this.#store.write(changed.clients, revision)) === "conflict") continue;
      // It is written, so it counts, even if what somebody else has put there since cannot be read.
      const written = { clients: changed.clients, revision: `after ${revision}` };
      await this.#read(() => this.#store.read().catch(() => written));
      return changed;
    }
    return { refused: "busy", text: "others keep changing the list; try again" };
  }
}
