/** Finds the fleet that is meant, and publishes changes to its list. */
import { createPrivateKey } from "node:crypto";
import { DAY_MS, nearest, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type FleetList,
  type KeptFleet,
  type ListChange,
  type OperatedFleet,
  problemsOfKept,
  revokedAfter,
  signDocuments,
  verifyDocuments,
} from "../../fleet/index.ts";
import type { FleetPorts } from "./ports.ts";

/** How long hosts let a fleet's clients in without a newer list. */
export const LIST_DAYS = 90;
const ROOT_DAYS = 730;

/**
 * @param name as typed; undefined: the only one
 * @throws FLEET_UNKNOWN, FLEET_BROKEN
 */
export async function openFleet({ fleets }: FleetPorts, name: string | undefined): Promise<OperatedFleet> {
  const names = await fleets.list();
  const only = names.length === 1 ? names[0] : undefined;
  const wanted = name ?? only;
  if (wanted !== undefined && names.includes(wanted)) return fleets.read(wanted);
  if (wanted === undefined && names.length > 0)
    throw new TetherdockError("FLEET_UNKNOWN", "there are several fleets", {
      why: [names.slice(0, 20).join(", ")],
      hints: ["tetherdock fleet ls   # then name one with --fleet"],
    });
  const near = wanted === undefined ? [] : nearest(wanted, names);
  throw new TetherdockError(
    "FLEET_UNKNOWN",
    wanted === undefined ? "there is no fleet" : `there is no fleet "${wanted}"`,
    {
      why: near.map((one) => `did you mean ${one}?`),
      hints: [shellJoin(["tetherdock", "fleet", "init", wanted ?? "NAME"])],
    },
  );
}

/** A fleet of this machine; its folder may be damaged. */
export type ListedFleet = { readonly name: string } & (
  | { readonly fleet: OperatedFleet }
  | { readonly error: TetherdockError }
);

/** @returns sorted by name @throws FILE_FAILED: the folder of all fleets cannot be read */
export async function listFleets({ fleets }: Pick<FleetPorts, "fleets">): Promise<ListedFleet[]> {
  const read = async (name: string): Promise<ListedFleet> => {
    try {
      return { name, fleet: await fleets.read(name) };
    } catch (error) {
      if (error instanceof TetherdockError) return { name, error };
      throw error;
    }
  };
  return Promise.all((await fleets.list()).map(read));
}

/** @param before null: the first version @param above the new version is higher than this one too */
export async function signList(
  before: KeptFleet | null,
  list: FleetList,
  operatorKey: string,
  now: number,
  above = 0,
): Promise<KeptFleet> {
  const key = createPrivateKey(operatorKey);
  const signing = { key, now, validMs: LIST_DAYS * DAY_MS, rootMs: ROOT_DAYS * DAY_MS, above };
  const documents = signDocuments(before, list, signing);
  const verified = await verifyDocuments(before?.documents ?? null, documents);
  // What no host would accept is not published.
  if ("refused" in verified)
    throw new TetherdockError("FLEET_REFUSED", "hosts would refuse this list", { why: [verified.refused] });
  const { documents: signed, view } = verified;
  const kept = { documents: signed, view, revoked: revokedAfter(before?.revoked ?? [], view) };
  const problems = problemsOfKept(kept);
  if (problems.length === 0) return kept;
  throw new TetherdockError("FLEET_REFUSED", "the fleet's list would be too large", {
    why: problems,
    hints: ["tetherdock fleet client ls   # who could be removed; a second fleet has room for more"],
  });
}

/**
 * Signs a changed list and keeps it. Hosts get it with {@link pushList}.
 * @param above the new version is higher than this one too
 * @throws FLEET_REFUSED, FLEET_CONFLICT
 */
export async function publish(
  { fleets, clock }: FleetPorts,
  fleet: OperatedFleet,
  change: ListChange,
  above = 0,
): Promise<OperatedFleet> {
  if ("refused" in change) {
    const list = change.refused === "unknown-host" ? ["status"] : ["client", "ls"];
    throw new TetherdockError("FLEET_REFUSED", change.text, {
      hints: [shellJoin(["tetherdock", "fleet", ...list, "--fleet", fleet.name])],
    });
  }
  const kept = await signList(fleet.kept, change.list, fleet.operatorKey, clock(), above);
  await fleets.publish(fleet.name, kept);
  return { ...fleet, kept };
}
