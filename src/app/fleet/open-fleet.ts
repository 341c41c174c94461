/** Finds the fleet that is meant, and publishes changes to its list. */
import type { KeyObject } from "node:crypto";
import { DAY_MS, nearest, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type Draft,
  draftList,
  type FleetDocuments,
  type FleetList,
  finishDocuments,
  formatFleetHosts,
  formatFleetList,
  judgeDraft,
  type KeptFleet,
  type ListChange,
  type OperatedFleet,
  type Operator,
  ofClients,
  problemsOfKept,
  revokedAfter,
  type Signing,
  type StoreAddress,
  sameList,
  signDocuments,
  signedUntil,
  thresholdOf,
  verifyDocuments,
} from "../../fleet/index.ts";
import { signingKey } from "./operators/own-key.ts";
import { propose, requireOperator } from "./operators/proposals.ts";
import type { FleetPorts } from "./ports.ts";

/** How long hosts let a fleet's clients in without a newer list. */
export const LIST_DAYS = 90;
const ROOT_DAYS = 730;

/**
 * @param name as typed; undefined: the only one
 * @throws FLEET_UNKNOWN, FLEET_BROKEN
 */
export async function openFleet(
  { fleets }: { readonly fleets: Pick<FleetPorts["fleets"], "list" | "read"> },
  name: string | undefined,
): Promise<OperatedFleet> {
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
    wanted === undefined
      ? "there is no fleet on this machine"
      : `there is no fleet "${wanted}" on this machine`,
    {
      why: near.map((one) => `did you mean ${one}?`),
      hints: [
        ...(names.length > 0 ? ["tetherdock fleet ls   # which there are"] : []),
        shellJoin(["tetherdock", "fleet", "init", wanted ?? "NAME"]),
        "tetherdock fleet open FILE   # if another operator has given you the file",
      ],
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

/** @returns names of the fleets whose list has a host of that name; what cannot be read is left out */
export async function fleetsWith(ports: Pick<FleetPorts, "fleets">, host: string): Promise<string[]> {
  const has = (one: ListedFleet) =>
    "fleet" in one && one.fleet.kept.view.list.hosts.some(({ name }) => name === host);
  try {
    return (await listFleets(ports)).filter(has).map(({ name }) => name);
  } catch (error) {
    if (error instanceof TetherdockError) return [];
    throw error;
  }
}

/** The command that shows what there is, after a refused change. */
const LISTED: Partial<Record<Extract<ListChange, { readonly refused: string }>["refused"], string[]>> = {
  "unknown-host": ["status"],
  role: ["role", "ls"],
};

/** What a new version changes besides the list. */
export interface AlsoChanged {
  /** The new version is higher than this one too. */
  readonly above?: number | undefined;
  /** Who are operators from now on. */
  readonly operators?: readonly Operator[];
  /** How many of them have to sign from now on. */
  readonly threshold?: number;
  /** The list stays as it is, and lasts longer. */
  readonly renews?: boolean;
  /** The operator's key from now on: it signs, and the one before only confirms it. */
  readonly nextKey?: KeyObject;
  /** The list says where the store is from now on, and this machine will learn how to write to it. */
  readonly isStoreNew?: boolean;
}

function signingOf(
  key: KeyObject,
  now: number,
  { above, operators, threshold, nextKey }: AlsoChanged = {},
): Signing {
  return {
    ...(nextKey === undefined ? { key } : { key: nextKey, replaced: key }),
    ...{ now, validMs: LIST_DAYS * DAY_MS, rootMs: ROOT_DAYS * DAY_MS },
    ...(above !== undefined && { above }),
    ...(operators && { operators }),
    ...(threshold !== undefined && { threshold }),
  };
}

/** What no host would accept is not published. @throws FLEET_REFUSED */
async function requireAccepted(before: KeptFleet | null, documents: FleetDocuments): Promise<KeptFleet> {
  const verified = await verifyDocuments(before?.documents ?? null, documents);
  if ("refused" in verified)
    throw new TetherdockError("FLEET_REFUSED", "hosts would refuse this list", { why: [verified.refused] });
  const { documents: signed, view } = verified;
  const kept = { documents: signed, view, revoked: revokedAfter(before, verified) };
  const problems = problemsOfKept(kept);
  if (problems.length === 0) return kept;
  throw new TetherdockError("FLEET_REFUSED", "the fleet's list would be too large", {
    why: problems,
    hints: ["tetherdock fleet client ls   # who could be removed; a second fleet has room for more"],
  });
}

/** The first version. */
export function signFirst(
  list: FleetList,
  key: KeyObject,
  now: number,
  also: AlsoChanged,
): Promise<KeptFleet> {
  return requireAccepted(null, signDocuments(null, list, signingOf(key, now, also)));
}

/** @throws FLEET_REFUSED: another operator has given the fleet another store, and this machine cannot write to it */
export function requireStore({ name, kept, store }: OperatedFleet): void {
  const urls = (address: StoreAddress | null | undefined) => address?.urls.join(" ");
  const { store: address } = kept.view.list;
  if (address === null || urls(address) === urls(store?.address)) return;
  throw new TetherdockError(
    "FLEET_REFUSED",
    "the fleet has another store, which this machine cannot write to",
    {
      why: [`it is ${address.urls.join(", ")}`],
      hints: [
        `tetherdock fleet operator key ${name}   # for the operator who changed it: they run fleet operator add again`,
        "tetherdock fleet open FILE   # then: the file that they have written",
      ],
    },
  );
}

const needsOthers = ({ documents }: KeptFleet, { threshold }: AlsoChanged): boolean =>
  Math.max(thresholdOf(documents), threshold ?? 1) > 1;

/** Nothing that several operators would have to sign: it says what they have signed already, which lasts long enough. */
function isSigned({ documents, view }: KeptFleet, list: FleetList, also: AlsoChanged, now: number): boolean {
  if (also.operators ?? also.threshold ?? also.above) return false;
  if (also.renews && signedUntil(documents) - now < (LIST_DAYS * DAY_MS) / 2) return false;
  const same = (format: (one: FleetList) => string) => format(list) === format(view.list);
  return documents.hosts !== undefined && same(formatFleetList) && same(formatFleetHosts);
}

/** Whoever published last may have left out a key that this machine has seen revoked; hosts that join need it. */
function everRevoked({ revoked }: KeptFleet, list: FleetList): readonly string[] {
  return [...new Set([...revoked, ...list.revoked])];
}

/** The list to change: nobody gets in again with a key that this machine has ever seen revoked. */
export function listToChange(kept: KeptFleet): FleetList {
  const { list } = kept.view;
  return { ...list, revoked: everRevoked(kept, list) };
}

/** One operator alone, or a thief with their key, can publish a list with an earlier end or without revocations. */
function isWhole(kept: KeptFleet): boolean {
  const { list, until } = kept.view;
  const there = new Set(list.revoked);
  const isRevoking = ofClients(list, kept.revoked).every((key) => there.has(key));
  return until >= signedUntil(kept.documents) && isRevoking;
}

/** Keeps a version. @throws FLEET_CONFLICT */
async function keep(ports: FleetPorts, fleet: OperatedFleet, documents: FleetDocuments) {
  const kept = await requireAccepted(fleet.kept, documents);
  await ports.fleets.publish(fleet.name, kept);
  return { ...fleet, kept };
}

/** @param draft signed by enough operators @param above the new version is higher than this one too @throws FLEET_REFUSED, FLEET_CONFLICT */
export async function finishList(
  ports: FleetPorts,
  fleet: OperatedFleet,
  draft: Draft,
  above?: number,
): Promise<OperatedFleet> {
  const signing = signingOf(await signingKey(ports, fleet), ports.clock(), { above });
  return keep(ports, fleet, finishDocuments(fleet.kept, draft, fleet.kept.revoked, signing));
}

function requireChange({ name: fleet, kept }: OperatedFleet, change: ListChange): FleetList {
  if ("list" in change) return change.list;
  const command =
    change.refused === "role-in-use"
      ? ["client", "role", change.client, "ROLE"]
      : (LISTED[change.refused] ?? ["client", "ls"]);
  // Another machine may have added it since.
  const isUnknown = change.refused === "unknown" || change.refused === "unknown-host";
  throw new TetherdockError("FLEET_REFUSED", change.text, {
    why: isUnknown ? [`this machine has version ${kept.view.version} of the fleet's list`] : [],
    hints: [shellJoin(["tetherdock", "fleet", ...command, "--fleet", fleet])],
  });
}

/**
 * Revokes keys with one signature, also where a list needs several; the list stays as it is. Hosts get it with {@link bringList}.
 * @param change only what it revokes counts @param above the new version is higher than this one too @throws FLEET_REFUSED, FLEET_CONFLICT
 */
export async function publishRevoked(
  ports: FleetPorts,
  fleet: OperatedFleet,
  change: ListChange,
  above?: number,
): Promise<OperatedFleet> {
  requireOperator(fleet);
  requireStore(fleet);
  const { kept } = fleet;
  const revoked = everRevoked(kept, requireChange(fleet, change));
  const signing = signingOf(await signingKey(ports, fleet), ports.clock(), { above });
  return keep(ports, fleet, finishDocuments(kept, sameList(kept.documents), revoked, signing));
}

/** The list stays as it is. @throws as {@link publish} */
export function publishSame(
  ports: FleetPorts,
  fleet: OperatedFleet,
  also: AlsoChanged,
): Promise<OperatedFleet> {
  return publish(ports, fleet, { list: fleet.kept.view.list }, also);
}

/**
 * Signs a changed list and keeps it. Hosts get it with {@link bringList}.
 * @throws FLEET_REFUSED, FLEET_CONFLICT; FLEET_PROPOSED: other operators have to sign it too
 */
export async function publish(
  ports: FleetPorts,
  fleet: OperatedFleet,
  change: ListChange,
  also: AlsoChanged = {},
): Promise<OperatedFleet> {
  const { kept } = fleet;
  requireOperator(fleet);
  if (!also.isStoreNew) requireStore(fleet);
  const [list, now] = [requireChange(fleet, change), ports.clock()];
  const isShared = needsOthers(kept, also);
  if (isShared && isSigned(kept, list, also, now))
    return isWhole(kept) ? fleet : finishList(ports, fleet, sameList(kept.documents));
  const signing = signingOf(await signingKey(ports, fleet), now, also);
  const draft = draftList(kept, { ...list, revoked: everRevoked(kept, list) }, signing);
  if (isShared) {
    const judged = judgeDraft(kept, draft, now);
    if ("refused" in judged)
      throw new TetherdockError("FLEET_REFUSED", "the other operators could not sign this", {
        why: [judged.refused],
      });
    if (judged.value.missing > 0) return propose(ports, fleet, judged.value);
  }
  return keep(ports, fleet, finishDocuments(kept, draft, everRevoked(kept, list), signing));
}
