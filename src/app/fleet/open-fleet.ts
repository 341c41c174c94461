/** Finds the fleet that is meant, and publishes changes to its list. */
import type { KeyObject } from "node:crypto";
import { DAY_MS, nearest, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type FleetList,
  isOperator,
  type KeptFleet,
  type ListChange,
  type OperatedFleet,
  type Operator,
  problemsOfKept,
  revokedAfter,
  type StoreAddress,
  signDocuments,
  verifyDocuments,
} from "../../fleet/index.ts";
import { signingKey } from "./operators/own-key.ts";
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

/** The command that shows what there is, after a refused change. */
const LISTED: Partial<Record<Extract<ListChange, { readonly refused: string }>["refused"], string[]>> = {
  "unknown-host": ["status"],
  role: ["role", "ls"],
};

/** What a new version changes besides the list. */
export interface AlsoChanged {
  /** The new version is higher than this one too. */
  readonly above?: number;
  /** Who are operators from now on. */
  readonly operators?: readonly Operator[];
  /** The operator's key from now on: it signs, and the one before only confirms it. */
  readonly nextKey?: KeyObject;
  /** The list says where the store is from now on, and this machine will learn how to write to it. */
  readonly isStoreNew?: boolean;
}

/** @param before null: the first version */
export async function signList(
  before: KeptFleet | null,
  list: FleetList,
  key: KeyObject,
  now: number,
  { above, operators, nextKey }: AlsoChanged = {},
): Promise<KeptFleet> {
  const documents = signDocuments(before, list, {
    ...(nextKey === undefined ? { key } : { key: nextKey, replaced: key }),
    ...{ now, validMs: LIST_DAYS * DAY_MS, rootMs: ROOT_DAYS * DAY_MS },
    ...(above !== undefined && { above }),
    ...(operators && { operators }),
  });
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

/** @throws FLEET_REFUSED: another operator has removed this one */
function requireOperator({ name, kept, operatorKey }: OperatedFleet): void {
  if (isOperator(kept.documents, operatorKey)) return;
  throw new TetherdockError("FLEET_REFUSED", "the key of this machine is no longer an operator's", {
    why: ["another operator has removed it, and hosts accept nothing that it signs"],
    hints: [`tetherdock fleet operator ls --fleet ${name}   # who could add it again`],
  });
}

/** @throws FLEET_REFUSED: another operator has given the fleet another store, and this machine cannot write to it */
function requireStore({ name, kept, store }: OperatedFleet): void {
  const urls = (address: StoreAddress | null | undefined) => address?.urls.join(" ");
  const { store: address } = kept.view.list;
  if (address === null || urls(address) === urls(store?.address)) return;
  throw new TetherdockError(
    "FLEET_REFUSED",
    "the fleet has another store, which this machine cannot write to",
    {
      why: [`it is ${address.urls.join(", ")}`],
      hints: [
        `ask the operator who changed it for another file: tetherdock fleet operator add --fleet ${name}, with this machine's name and key`,
        "then tetherdock fleet open FILE",
      ],
    },
  );
}

/**
 * Signs a changed list and keeps it. Hosts get it with {@link pushList}.
 * @throws FLEET_REFUSED, FLEET_CONFLICT
 */
export async function publish(
  ports: FleetPorts,
  fleet: OperatedFleet,
  change: ListChange,
  also: AlsoChanged = {},
): Promise<OperatedFleet> {
  requireOperator(fleet);
  if (!also.isStoreNew) requireStore(fleet);
  if ("refused" in change) {
    const list = LISTED[change.refused] ?? ["client", "ls"];
    throw new TetherdockError("FLEET_REFUSED", change.text, {
      hints: [shellJoin(["tetherdock", "fleet", ...list, "--fleet", fleet.name])],
    });
  }
  const kept = await signList(fleet.kept, change.list, await signingKey(ports, fleet), ports.clock(), also);
  await ports.fleets.publish(fleet.name, kept);
  return { ...fleet, kept };
}
