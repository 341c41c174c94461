/** The client list in force, while others may change the stored one. */
import { OneAtATime } from "../base/index.ts";
import { applyChange, type Change, type Changed, type Refused } from "./change.ts";
import { type Client, type ClientKey, clientKey } from "./client.ts";
import { outUntilRestart } from "./out-until-restart.ts";
import { type KeyRecord, withRevocations } from "./revocations.ts";
import type { ClientStore, KeptClients } from "./store.ts";

/** Attempts at one change while other writers keep getting in first. */
const ATTEMPTS = 5;

export class ListInForce {
  readonly #store: ClientStore;
  readonly #onChange: (clients: readonly Client[]) => void;
  #kept: KeptClients;
  /** Keys that a change has shut out, and the store could not keep: the disk may be full of what they have written. */
  readonly #unsaved = new Map<ClientKey, KeyRecord>();
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
   * @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN, GATEWAY_CLIENTS_FULL; then nothing was changed, but that after FILE_FAILED
   *   nobody whom the change shuts out gets in any more, until another change lets them in or this process ends
   */
  change(change: Change, now: () => number): Promise<Changed | Refused> {
    return this.#changes.run(() => this.#change(change, now));
  }

  /** @param isSaved what was shut out is in the store by now */
  #read(read: () => Promise<KeptClients>, isSaved = false): Promise<boolean> {
    return this.#reads.run(async () => {
      const { clients, revision } = await read();
      const isSame = revision === this.#kept.revision && !(isSaved && this.#unsaved.size > 0);
      if (isSaved) this.#unsaved.clear();
      if (isSame) return false;
      this.#kept = { clients: withRevocations(clients, this.#unsaved), revision };
      this.#onChange(this.#kept.clients);
      return true;
    });
  }

  /** @throws always */
  async #shutOut(before: readonly Client[], after: readonly Client[], error: unknown): Promise<never> {
    const activeIn = (clients: readonly Client[]) =>
      new Set(clients.filter(({ state }) => state === "active").map(clientKey));
    const out = activeIn(before).difference(activeIn(after));
    if (out.size === 0) throw error;
    const told = outUntilRestart(error);
    for (const key of out) this.#unsaved.set(key, { revoked: true, until: null });
    await this.#reads.run(async () => {
      const { clients, revision } = this.#kept;
      this.#kept = { clients: withRevocations(clients, this.#unsaved), revision };
      this.#onChange(this.#kept.clients);
    });
    throw told;
  }

  async #change(change: Change, now: () => number): Promise<Changed | Refused> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { clients: stored, revision } = await this.#store.read();
      const clients = withRevocations(stored, this.#unsaved);
      const changed = applyChange(change, clients, now());
      if ("refused" in changed) return changed;
      const written = await this.#store
        .write(changed.clients, revision)
        .catch((error: unknown) => this.#shutOut(clients, changed.clients, error));
      if (written === "conflict") continue;
      // The write succeeded, so the change is in force even if somebody has since stored a list that cannot be read.
      const inForce = { clients: changed.clients, revision: `after ${revision}` };
      await this.#read(() => this.#store.read().catch(() => inForce), true);
      return changed;
    }
    return { refused: "busy", text: "others keep changing the list; try again" };
  }
}
