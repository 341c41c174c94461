/** The client list in force, while others may change the stored one. */
import { OneAtATime } from "../base/index.ts";
import { applyChange, type Change, type Changed, type Refused } from "./change.ts";
import type { Client } from "./client.ts";
import type { ClientStore, KeptClients } from "./store.ts";

/** Attempts at one change while other writers keep getting in first. */
const ATTEMPTS = 5;

export class ListInForce {
  readonly #store: ClientStore;
  readonly #onChange: (clients: readonly Client[]) => void;
  #kept: KeptClients;
  readonly #reads = new OneAtATime();
  readonly #changes = new OneAtATime();

  /**
   * @param kept the list in force at the start
   * @param onChange puts a new list in force immediately
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
   * Puts the stored list in force. Reads run one at a time, so that an older list never replaces a newer one.
   * @returns whether the list is a different one
   * @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN; the list in force then stays
   */
  refresh(): Promise<boolean> {
    return this.#read(() => this.#store.read());
  }

  /**
   * Changes the stored list and puts it in force. Changes run one at a time: concurrent ones would use up each other's
   * attempts.
   * @param now milliseconds since the epoch
   * @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN, GATEWAY_CLIENTS_FULL; then nothing was changed
   */
  change(change: Change, now: () => number): Promise<Changed | Refused> {
    return this.#changes.run(() => this.#change(change, now));
  }

  #read(read: () => Promise<KeptClients>): Promise<boolean> {
    return this.#reads.run(async () => {
      const kept = await read();
      if (kept.revision === this.#kept.revision) return false;
      this.#kept = kept;
      this.#onChange(kept.clients);
      return true;
    });
  }

  async #change(change: Change, now: () => number): Promise<Changed | Refused> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { clients, revision } = await this.#store.read();
      const changed = applyChange(change, clients, now());
      if ("refused" in changed) return changed;
      if ((await this.#store.write(changed.clients, revision)) === "conflict") continue;
      // The write succeeded, so the change is in force even if somebody has since stored a list that cannot be read.
      const written = { clients: changed.clients, revision: `after ${revision}` };
      await this.#read(() => this.#store.read().catch(() => written));
      return changed;
    }
    return { refused: "busy", text: "others keep changing the list; try again" };
  }
}
