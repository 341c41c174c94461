/** The fleet that this host is in: its documents, verified here, and its clients beside the host's own. */
import { type Clock, OneAtATime } from "../../base/index.ts";
import {
  type FleetDocuments,
  formatKeptFleet,
  type KeptFleet,
  type Members,
  membersOf,
  parseKeptFleet,
  problemsOfKept,
  revocationsIn,
  revokedAfter,
  shutOutBy,
  shutsOut,
  verifyDocuments,
} from "../../fleet/index.ts";
import { type Client, outUntilRestart } from "../../identity/index.ts";
import type { FleetSettings } from "../config/config.ts";
import type { FleetStore } from "../ports.ts";
import { FleetRoleReader, type HostRoles, type RolesOfFleet } from "./fleet-roles.ts";

/** What became of documents that somebody sent. */
export type Accepted =
  | { readonly isNews: boolean }
  /** @property revoked keys that they revoke, which are revoked here all the same */
  | { readonly refused: string; readonly revoked?: number };

/**
 * Documents that wait are up to 2 MiB each, and no client's memory is charged for them. The store's have a place of their
 * own: a fleet process that somebody has taken over must not keep admins' lists out.
 */
const MOST_WAITING = { admins: 4, store: 1 };
const BUSY = "others are sending lists at the same time; try again";

export class FleetInForce {
  readonly #waiting = { admins: 0, store: 0 };
  readonly #store: FleetStore;
  readonly #clock: Clock;
  /** What this host decides. Whoever changes it puts the clients in force anew. */
  settings: FleetSettings;
  readonly #onChange: () => Promise<void>;
  #kept: KeptFleet | null = null;
  /** Keys that documents have shut out, and the store could not keep. */
  #unsaved: readonly string[] = [];
  /** Those of them that were revoked: no other documents take that back. */
  #unsavedRevoked: readonly string[] = [];
  #isOver = false;
  readonly #roles = new FleetRoleReader();
  readonly #turns = new OneAtATime();

  /** @param onChange puts other clients in force, and the CA that they have */
  constructor(store: FleetStore, clock: Clock, settings: FleetSettings, onChange: () => Promise<void>) {
    this.#store = store;
    this.#clock = clock;
    this.settings = settings;
    this.#onChange = onChange;
  }

  /** null: the host is in no fleet. */
  get kept(): KeptFleet | null {
    return this.#kept;
  }

  /** @param own the host's own list */
  members(own: readonly Client[]): Members {
    const kept = this.#kept && { ...this.#kept, revoked: [...this.#kept.revoked, ...this.#unsaved] };
    return membersOf(own, kept, this.#clock(), this.settings.rolesAfterEnd);
  }

  /** @param own the host's own roles */
  roles(own: HostRoles): RolesOfFleet {
    return this.#roles.judge(this.#kept?.view.list.roles ?? [], own);
  }

  /** Reads what was kept before a restart. @throws FILE_FAILED, GATEWAY_FLEET_BROKEN: who was revoked is not known */
  async load(): Promise<void> {
    const text = await this.#store.read();
    if (text !== undefined) this.#kept = parseKeptFleet(text, this.#store.path);
  }

  /**
   * Verifies documents, and puts them in force.
   * @param own the host's own list @param sender name of the client who sends them; null: they come from the store
   * @throws FILE_FAILED; then the documents kept before stay in force, except that whoever the new ones shut out stays out: until
   *   this process ends, or, if they were not revoked, until other documents are kept
   */
  async accept(
    offered: FleetDocuments,
    own: () => readonly Client[],
    sender: string | null,
  ): Promise<Accepted> {
    const from = sender === null ? "store" : "admins";
    if (this.#waiting[from] >= MOST_WAITING[from]) return { refused: BUSY };
    this.#waiting[from] += 1;
    try {
      return await this.#accept(offered, own, sender);
    } finally {
      this.#waiting[from] -= 1;
    }
  }

  #accept(offered: FleetDocuments, own: () => readonly Client[], sender: string | null): Promise<Accepted> {
    return this.#turns.run(async () => {
      // The first root is trusted as it is, so only an admin can bring it.
      if (sender === null && this.#kept === null) return { refused: "this host is in no fleet" };
      const judged = await this.#judge(offered, own, sender);
      if ("refused" in judged) {
        const revoked = await this.#takeRevoked(offered, own, sender);
        return { ...judged, ...(revoked > 0 && { revoked }) };
      }
      const { next, isNews } = judged;
      if (isNews) {
        await this.#roles.prepare(next.view.list.roles);
        await this.#put(next);
      }
      return { isNews };
    });
  }

  async #judge(
    offered: FleetDocuments,
    own: () => readonly Client[],
    sender: string | null,
  ): Promise<{ readonly refused: string } | { readonly next: KeptFleet; readonly isNews: boolean }> {
    const verified = await verifyDocuments(this.#kept?.documents ?? null, offered);
    if ("refused" in verified) return verified;
    const { documents, view, isNews } = verified;
    const revoked = [...new Set([...revokedAfter(this.#kept, verified), ...this.#unsavedRevoked])];
    const why = shutsOut(own(), this.#kept?.revoked ?? [], revoked, sender, this.#clock());
    if (why !== null) return { refused: why };
    const next = { documents, view, revoked };
    // What could not be read after a restart would end every revocation.
    const problems = problemsOfKept(next);
    return problems.length > 0 ? { refused: problems.join("; ") } : { next, isNews };
  }

  /**
   * What operators have revoked counts, whatever else is wrong with the documents; but for keys of the host's own clients, if no
   * admin were left.
   * @returns how many keys of the documents are revoked here, and not by those in force @throws FILE_FAILED
   */
  async #takeRevoked(
    offered: FleetDocuments,
    own: () => readonly Client[],
    sender: string | null,
  ): Promise<number> {
    const kept = this.#kept;
    if (kept === null) return 0;
    const known = new Set(kept.view.list.revoked);
    const keys = (await revocationsIn(kept.documents, offered)).filter((key) => !known.has(key));
    const all = [...new Set([...kept.revoked, ...this.#unsavedRevoked, ...keys])];
    const isSafe = shutsOut(own(), kept.revoked, all, sender, this.#clock()) === null;
    const owned = new Set(isSafe ? [] : own().map(({ fingerprint }) => fingerprint));
    const before = new Set(kept.revoked);
    const revoked = all.filter((key) => before.has(key) || !owned.has(key));
    const next = { ...kept, revoked };
    if (revoked.length > before.size && problemsOfKept(next).length === 0) await this.#put(next);
    const after = new Set(this.#kept?.revoked);
    return keys.filter((key) => after.has(key)).length;
  }

  /** @returns whether the host was in a fleet @throws FILE_FAILED */
  leave(): Promise<boolean> {
    return this.#turns.run(async () => {
      const wasMember = this.#kept !== null;
      if (wasMember) await this.#put(null);
      return wasMember;
    });
  }

  /** Ends the access of the fleet's clients when the documents end. Call it a few times a second. */
  sweep(): void {
    const isOver = this.#kept !== null && this.#kept.view.until <= this.#clock();
    if (isOver === this.#isOver) return;
    this.#isOver = isOver;
    void this.#onChange();
  }

  async #put(next: KeptFleet | null): Promise<void> {
    await this.#store
      .write(next === null ? undefined : formatKeptFleet(next))
      .catch((error: unknown) => this.#shutOut(next, error));
    this.#kept = next;
    this.#unsaved = [];
    this.#unsavedRevoked = [];
    await this.#onChange();
  }

  /** @throws always */
  async #shutOut(next: KeptFleet | null, error: unknown): Promise<never> {
    if (next === null || this.#kept === null) throw error;
    const out = shutOutBy(this.#kept, next);
    if (out.length === 0) throw error;
    const told = outUntilRestart(error);
    const all = new Set([...this.#unsaved, ...out]);
    this.#unsaved = [...all];
    this.#unsavedRevoked = next.revoked.filter((key) => all.has(key));
    await this.#onChange();
    throw told;
  }
}
