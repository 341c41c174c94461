/** What the results of all hosts say of a change, and what to do about those that are behind. */
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import { type Doubt, isShared, type OperatedFleet, type StoredReceipt } from "../../fleet/index.ts";
import { connectionsOpen } from "../gateway-api/index.ts";
import { isAlive, isSilent, lineErrorOf, waysToSilent } from "./hosts/off-line.ts";
import type { HostResult } from "./push-list.ts";

/** Version in force on the host, as far as it is known. */
export function versionOn(result: HostResult): number | null {
  if ("error" in result) return result.version ?? null;
  if ("stored" in result) return result.doubt === null ? result.stored.inForce : null;
  return result.fleet?.version ?? null;
}

/** Why a receipt confirms nothing. */
const DOUBTS: Readonly<Record<Doubt, string>> = {
  unsigned: "its receipt is not signed, and confirms nothing",
  "unknown-key": "its receipt confirms nothing: its key is not known here",
  "wrong-signature": "its receipt is not signed by its gateway, and confirms nothing",
  "other-list": "its receipt is for another list of this version",
};

/** @returns null: nothing */
export const doubtOf = (result: HostResult): string | null =>
  "stored" in result && result.doubt !== null ? DOUBTS[result.doubt] : null;

/** Why the host does not have the newest list, as its receipt says; null: it has it. */
export const refusedOn = ({ stored }: StoredReceipt): string | null => stored.rejected ?? stored.refused;

function whyMissing(result: HostResult): string {
  const { host } = result;
  if ("error" in result) return `${host}: ${result.error.message}`;
  const doubt = doubtOf(result);
  if (doubt !== null) return `${host}: ${doubt}`;
  const version = versionOn(result);
  const refused = "stored" in result ? refusedOn(result) : null;
  if (refused !== null)
    return `${host}: has version ${version}, and refuses the list: ${quoteForeign(refused)}`;
  if (version === null) return `${host}: is in no fleet`;
  if (!("stored" in result)) return `${host}: has version ${version}`;
  const line = lineErrorOf(result);
  const noLine = line === null ? "" : `; its line: ${line.message}`;
  return `${host}: has version ${version} by its receipt${noLine}`;
}

/** Until their receipts count, their lines do. */
const wayToKeys = (fleet: string, hosts: readonly string[]): string[] => [
  `${shellJoin(["tetherdock", "upgrade", ...hosts])}   # if they have an older version, once they answer`,
  `${shellJoin(["tetherdock", "fleet", "join", ...hosts, "--fleet", fleet])}   # then: it learns the keys of their receipts`,
];

/** A push tells nothing to a host that is in no fleet: it may be another one of this name. */
const isOut = (one: HostResult): boolean =>
  "error" in one ? one.error.code === "FLEET_REFUSED" : "fleet" in one && one.fleet === null;

function wayIn(fleet: string, hosts: readonly string[]): string[] {
  const leave = hosts.map((host) => shellJoin(["tetherdock", "fleet", "leave", host, "--fleet", fleet]));
  return [
    `${shellJoin(["tetherdock", "fleet", "join", ...hosts, "--fleet", fleet])}   # if they are to be in the fleet`,
    ...leave.slice(0, 3).map((command) => `${command}   # if not`),
  ];
}

const hasNoKey = (one: HostResult): boolean =>
  "stored" in one && one.doubt !== null && one.doubt !== "other-list";

const lost = (fleet: string): string =>
  `${shellJoin(["tetherdock", "fleet", "push", "--force", "--fleet", fleet])}   # only if that machine is lost: the list of this one counts`;

const later = (fleet: string): string =>
  `${shellJoin(["tetherdock", "fleet", "status", "--fleet", fleet])}   # whether a host has a later version`;

/** What brings the list to those that do not have it. */
function wayOn(fleet: OperatedFleet, behind: readonly HostResult[]): string[] {
  const out = behind.filter(isOut).map(({ host }) => host);
  const others = behind.filter((one) => !isOut(one));
  return [
    ...(out.length > 0 ? wayIn(fleet.name, out) : []),
    ...(others.length > 0 ? wayToMembers(fleet, others) : []),
  ];
}

/** Another operator may have changed the list a moment ago. */
const isOnItsWay = (one: HostResult): boolean =>
  isAlive(one) && "stored" in one && one.doubt === null && refusedOn(one) === null;

const again = (fleet: string): string =>
  `${shellJoin(["tetherdock", "fleet", "status", "--fleet", fleet])}   # in a minute: they still write receipts, and ask the store every few seconds`;

function pushHint(fleet: string, behind: readonly HostResult[]): string[] {
  if (behind.every(isOnItsWay)) return [again(fleet)];
  if (behind.every((one) => "error" in one && one.error.code === "LINE_UNKNOWN")) return [];
  const push = shellJoin(["tetherdock", "fleet", "push", "--fleet", fleet]);
  const isAway = behind.some(isSilent);
  return [`${push}${isAway ? "   # once they answer" : ""}`];
}

/** Somebody has signed a later list, or the host does not tell the truth. */
function wayFromAhead({ name, kept }: OperatedFleet, ahead: readonly HostResult[]): string[] {
  if (ahead.length === 0) return [];
  return [
    "make changes on the machine that has changed the list last, or copy its folder of the fleet here",
    ...ahead
      .slice(0, 3)
      .map(
        ({ host }) =>
          `${shellJoin(["tetherdock", "doctor", host])}   # if no other machine changed the list: what this host says may be false`,
      ),
    // With a store, that one has the list.
    ...(kept.view.list.store === null ? [lost(name)] : []),
  ];
}

function wayToMembers(fleet: OperatedFleet, members: readonly HostResult[]): string[] {
  const { kept } = fleet;
  const isAlone = !isShared(kept.documents);
  const isAhead = (one: HostResult) => isAlone && (versionOn(one) ?? 0) > kept.view.version;
  const behind = members.filter((one) => !isAhead(one));
  const fromAhead = wayFromAhead(fleet, members.filter(isAhead));
  return behind.length === 0 ? fromAhead : [...fromAhead, ...wayToOthers(fleet, behind)];
}

function wayToOthers(fleet: OperatedFleet, behind: readonly HostResult[]): string[] {
  const { name } = fleet;
  const doubted = behind.filter(hasNoKey).map(({ host }) => host);
  if (doubted.length > 0) return wayToKeys(name, doubted);
  // A push gives no credentials.
  const locked = behind.filter((one) => "error" in one && one.error.code === "FLEET_STORE_FAILED");
  if (locked.length === 0)
    return [
      ...(behind.some((one) => "error" in one && one.error.code === "GATEWAY_REFUSED") ? [later(name)] : []),
      ...pushHint(name, behind),
      ...waysToSilent(fleet, behind),
    ];
  const join = ["tetherdock", "fleet", "join", ...locked.map(({ host }) => host), "--fleet", name];
  return [`${shellJoin(join)}   # again, once the store is back`];
}

/**
 * @param since an earlier version that is enough; default: none. Versions in between are enough too, if there is only one operator
 * @returns FLEET_INCOMPLETE naming the hosts that do not have the current list; null: all have it
 */
export function missing(
  fleet: OperatedFleet,
  results: readonly HostResult[],
  since?: number,
): TetherdockError | null {
  const { kept } = fleet;
  const { version } = kept.view;
  const first = since !== undefined && !isShared(kept.documents) ? since : version;
  const isEnough = (has: number) => has === since || (has >= first && has <= version);
  const hasIt = (one: HostResult) => isEnough(versionOn(one) ?? -1);
  const behind = results.filter((one) => "error" in one || !hasIt(one));
  if (behind.length === 0) return null;
  const of = (count: number) => `${count} of ${results.length} hosts`;
  const lacking = behind.filter((one) => !hasIt(one)).length;
  return new TetherdockError(
    "FLEET_INCOMPLETE",
    lacking > 0
      ? `version ${version} of the fleet's list is missing on ${of(lacking)}`
      : `version ${version} of the fleet's list is on all hosts, but ${of(behind.length)} cannot use the store`,
    {
      why: behind.slice(0, 20).map(whyMissing),
      hints: wayOn(fleet, behind),
    },
  );
}

function openOn(result: HostResult): number {
  if ("error" in result || doubtOf(result) !== null) return 0;
  return ("stored" in result ? result.stored.open : result.receipt?.open) ?? 0;
}

/** @returns CONNECTIONS_OPEN naming the hosts that have not closed what the list ends; null: all have */
export const stillOpen = (results: readonly HostResult[]): TetherdockError | null =>
  connectionsOpen(results.map((one) => ({ line: one.host, open: openOn(one) })));
