/** What `down` will do: the journal read backwards. */
import type { EntryFact, HostFacts } from "../../facts/index.ts";
import { restartWarnings } from "./restart-warnings.ts";

/** Everything `down` undoes on a host. */
export interface DownPlan {
  /** Transactions, newest first. */
  readonly numbers: readonly number[];
  readonly restored: readonly string[];
  readonly removed: readonly string[];
  /** Paths that somebody changed after `up`: undoing loses that. */
  readonly conflicts: readonly string[];
  /** Ports that will serve the API without TLS again. */
  readonly exposedPorts: readonly number[];
  readonly warnings: readonly string[];
}

// A path may stand in several transactions: how it was is told by the oldest, how it should be now by the newest.
function oldest(entries: readonly EntryFact[]): EntryFact[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.path, entry])).values()].toReversed();
}

function newest(entries: readonly EntryFact[]): EntryFact[] {
  return [...new Map(entries.map((entry) => [entry.path, entry])).values()];
}

/** @returns null when the host carries nothing of ours */
export function planDown(facts: HostFacts): DownPlan | null {
  const done = facts.transactions.filter(({ state }) => state === "confirmed");
  if (done.length === 0) return null;
  const entries = done.flatMap((transaction) => transaction.entries);
  const paths = (before: EntryFact["before"]) =>
    oldest(entries)
      .filter((entry) => entry.before === before)
      .map(({ path }) => path);
  return {
    numbers: done.map(({ number }) => number).toReversed(),
    restored: paths("kept"),
    removed: paths("absent"),
    conflicts: newest(entries)
      .filter(({ before, now, after }) => before !== "directory" && now !== after)
      .map(({ path }) => path),
    exposedPorts: done[0]?.about?.exposedPorts ?? [],
    warnings: restartWarnings(facts),
  };
}
