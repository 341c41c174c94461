/** Plans `down`: reads the journal backwards. */
import { type EntryFact, GATEWAY_CONFIG, GATEWAY_LOGS, type HostFacts } from "../../facts/index.ts";
import { checkRestart } from "./checks/check-restart.ts";

/** Everything `down` undoes on a host. */
export interface DownPlan {
  /** Transactions, newest first. */
  readonly numbers: readonly number[];
  readonly restored: readonly string[];
  readonly removed: readonly string[];
  /** Paths that somebody changed after `up`; undoing loses these changes. */
  readonly conflicts: readonly string[];
  /** Files of ours that admins are told to edit, and have edited: they go, as the client list and the audit log do. */
  readonly edited: readonly string[];
  /** Ports that will serve the API without TLS again. */
  readonly exposedPorts: readonly number[];
  /** Whether docker.service is restarted. */
  readonly restart: boolean;
  /** Whether the gateway is removed, with its client list and audit log. */
  readonly gateway: boolean;
  readonly warnings: readonly string[];
}

// Changes to these after `up` are nobody's work that an undo would lose.
const UNWATCHED: ReadonlySet<EntryFact["before"]> = new Set(["directory", "spare", "shared", "tree"]);

// A path may be in several transactions: the oldest has its previous state, the newest its expected one.
function oldest(entries: readonly EntryFact[]): EntryFact[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.path, entry])).values()].toReversed();
}

function newest(entries: readonly EntryFact[]): EntryFact[] {
  return [...new Map(entries.map((entry) => [entry.path, entry])).values()];
}

/** Ours alone: nothing from before `up` is lost or restored with it. */
const isToEdit = (path: string, removed: readonly string[]): boolean =>
  path === GATEWAY_CONFIG && removed.includes(path);

/** @returns null when the host has nothing of ours */
export function planDown(facts: HostFacts): DownPlan | null {
  const done = facts.transactions.filter(({ state }) => state === "confirmed");
  if (done.length === 0) return null;
  const entries = done.flatMap((transaction) => transaction.entries);
  const restart = done.some(({ restarted }) => restarted);
  const paths = (before: EntryFact["before"]) =>
    oldest(entries)
      .filter((entry) => entry.before === before)
      .map(({ path }) => path);
  const removed = [...paths("absent"), ...paths("tree")];
  const changed = newest(entries).filter(({ before, now, after }) => !UNWATCHED.has(before) && now !== after);
  return {
    numbers: done.map(({ number }) => number).toReversed(),
    restored: paths("kept"),
    removed,
    conflicts: changed.map(({ path }) => path).filter((path) => !isToEdit(path, removed)),
    edited: changed
      .filter(({ path, now }) => isToEdit(path, removed) && now !== "absent")
      .map(({ path }) => path),
    exposedPorts: done[0]?.about?.exposedPorts ?? [],
    restart,
    gateway: entries.some(({ path }) => path === GATEWAY_LOGS),
    warnings: restart ? checkRestart(facts) : [],
  };
}
