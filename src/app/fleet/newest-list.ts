/** Whether the store has a list that this machine does not know: another operator, or a copy of this one's folder, has changed it. */
import { quoteForeign, SECOND_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  calledOperator,
  type FleetDocuments,
  type FleetList,
  type FleetView,
  isSameTargets,
  isShared,
  type KeptFleet,
  type ListChange,
  listVersionOf,
  MOST_AHEAD,
  type OperatedFleet,
  type OperatorStore,
  publishersOf,
  readPublication,
  revocationsIn,
  revokedAfter,
  signersOf,
  thresholdOf,
  verifyDocuments,
} from "../../fleet/index.ts";
import { lookInStore, readStore } from "./bring-list.ts";
import { settleProposal } from "./operators/proposals.ts";
import { AFTER, APART, type Differing, differences, type Words } from "./operators/told-differences.ts";
import { isUnpublished } from "./operators/unpublished.ts";
import { requireRead, tellBlind } from "./operators/unread-store.ts";
import type { FleetPorts } from "./ports.ts";

/** What the store has and this machine does not. */
export interface Ahead {
  readonly documents: FleetDocuments;
  readonly view: FleetView;
  /** It follows what this machine has, and names the hosts too; null: it does not. */
  readonly next: KeptFleet | null;
  /** Enough operators have signed it, and the list of this machine, which may never have been in the store, gives way to it. */
  readonly instead: KeptFleet | null;
}

/** A server of several may be gone, and a connection to another one takes long. */
const NEWEST_MS = 35 * SECOND_MS;

const isLeap = (kept: KeptFleet, ahead: FleetView): boolean => ahead.version - kept.view.version > MOST_AHEAD;

/**
 * Operators who revoke at the same moment sign two versions of one list: neither follows the other, and one operator alone may sign
 * what both have revoked.
 */
const isSameList = ({ kept }: OperatedFleet, { documents, view }: Differing): boolean =>
  documents.revocations !== undefined &&
  isSameTargets(documents.targets, kept.documents.targets) &&
  !isLeap(kept, view);

export function revokesAllOf(before: FleetView, { list }: FleetView): boolean {
  const there = new Set(list.revoked);
  return before.list.revoked.every((key) => there.has(key));
}

/** One operator alone takes no revocation back: another host may join, and has never seen it. */
const takesBack = (before: KeptFleet, { documents, view }: Differing): boolean =>
  isSameTargets(documents.targets, before.documents.targets) && !revokesAllOf(before.view, view);

type Verified = ReturnType<typeof verifyDocuments>;

/** @returns what the store has, to be kept; null: an earlier tetherdock has published it, without the hosts, or it is refused */
async function withHosts(
  store: OperatorStore,
  kept: KeptFleet,
  offered: FleetDocuments,
  verify: (all: FleetDocuments) => Verified,
): Promise<KeptFleet | null> {
  const hosts = await store.publishedHosts();
  const verified = hosts === null ? null : await verify({ ...offered, hosts });
  if (verified === null || "refused" in verified) return null;
  const { documents, view } = verified;
  return { documents, view, revoked: revokedAfter(kept, verified) };
}

/** @returns null: it does not follow */
async function following(
  store: OperatorStore,
  kept: KeptFleet,
  offered: FleetDocuments,
): Promise<KeptFleet | null> {
  const next = await withHosts(store, kept, offered, (all) => verifyDocuments(kept.documents, all));
  return next === null || takesBack(kept, next) ? null : next;
}

/**
 * Whatever the store offers, by the operators that this machine knows of and those who follow them. What is old is told by its
 * version.
 */
export function verifyPublished({ documents }: KeptFleet, offered: FleetDocuments) {
  return verifyDocuments(null, { ...offered, roots: [...documents.roots, ...offered.roots] });
}

/** @returns null: it is a leap */
async function insteadOf(
  store: OperatorStore,
  kept: KeptFleet,
  offered: FleetDocuments,
): Promise<KeptFleet | null> {
  const instead = await withHosts(store, kept, offered, (all) => verifyPublished(kept, all));
  return instead === null || isLeap(kept, instead.view) ? null : instead;
}

/** It is not the list that the one of this machine has changed: that one has a lower version. */
const isOther = ({ documents }: KeptFleet, there: FleetDocuments): boolean =>
  listVersionOf(there) >= listVersionOf(documents) && !isSameTargets(there.targets, documents.targets);

/** @param offered what the store has @returns null: it is not ahead, or the fleet's operators have not signed it */
export async function aheadOf(
  ports: FleetPorts,
  store: OperatorStore,
  fleet: OperatedFleet,
  offered: FleetDocuments,
): Promise<Ahead | null> {
  const { kept } = fleet;
  if (offered.timestamp === kept.documents.timestamp) return null;
  const verified = await verifyPublished(kept, offered);
  if ("refused" in verified) return null;
  const { documents, view } = verified;
  const mayFollow = view.version > kept.view.version && !isLeap(kept, view);
  const next = mayFollow ? await following(store, kept, offered) : null;
  const givesWay = next === null && isOther(kept, documents) && (await isUnpublished(ports, fleet));
  const instead = givesWay ? await insteadOf(store, kept, offered) : null;
  return view.version < kept.view.version && instead === null ? null : { documents, view, next, instead };
}

async function aheadIn(ports: FleetPorts, store: OperatorStore, fleet: OperatedFleet): Promise<Ahead | null> {
  const text = await store.published();
  const read = text === null ? null : readPublication(text);
  return read === null || "problems" in read ? null : aheadOf(ports, store, fleet, read.value);
}

/** @returns null: nothing, or nothing that the fleet's operators have signed, or it does not say so in time */
export async function listAhead(ports: FleetPorts, fleet: OperatedFleet): Promise<Ahead | null> {
  return fleet.store && lookInStore(ports, fleet, (store) => aheadIn(ports, store, fleet));
}

/**
 * What becomes of a change if the store cannot be read: with several operators it is refused, or it goes on and that is told, or the
 * caller has told it.
 */
export type IfUnread = "refuse" | "tell" | "told";

/** Whoever goes on without it waits no longer for the store than {@link listAhead}. @returns null: it cannot be read, or has nothing */
async function readAhead(ports: FleetPorts, fleet: OperatedFleet, ifUnread: IfUnread): Promise<Ahead | null> {
  if (fleet.store === null) return null;
  const withinMs = isShared(fleet.kept.documents) && ifUnread === "refuse" ? NEWEST_MS : undefined;
  const looked = await readStore(ports, fleet, (store) => aheadIn(ports, store, fleet), withinMs);
  if ("found" in looked) return looked.found;
  if (ifUnread === "refuse") requireRead(ports, fleet, looked.unread);
  if (ifUnread === "tell") tellBlind(ports, fleet, looked.unread);
  return null;
}

/** The command that lists a fleet's operators. */
export const lsOf = (fleet: string): string => `tetherdock fleet operator ls --fleet ${fleet}`;

type InConflict = Omit<Ahead, "next">;

function waysOn(fleet: OperatedFleet, other: InConflict): string[] {
  const [{ name, kept }, ahead] = [fleet, other.view];
  const push = (...more: readonly string[]) =>
    shellJoin(["tetherdock", "fleet", "push", ...more, "--fleet", name]);
  if (isSameList(fleet, other))
    return [`${push()}   # signs the list again, with what either machine has revoked`];
  if (other.instead !== null)
    return [
      `${push()}   # takes the list of the store; what only this machine has is given up: make it again`,
    ];
  const isAlone = !isShared(kept.documents);
  if (isLeap(kept, ahead) && !isAlone)
    return [
      lsOf(name),
      `tetherdock fleet operator rm NAME --force --fleet ${name}   # whose key was stolen: nobody makes so many changes`,
    ];
  const there =
    thresholdOf(kept.documents) > 1 ? "make another change there, and have it signed" : `run ${push()} there`;
  return [
    isAlone
      ? `make the change there, or copy its folder of the fleet here: ~/.config/tetherdock/fleets/${name}`
      : `${there}, if the list of that machine is to count; then this one takes it over`,
    `${push("--force")}   # only if the list of this machine is to count`,
  ];
}

/** FLEET_CONFLICT. @param ahead what the store has and this machine does not know */
export function changedElsewhere(fleet: OperatedFleet, ahead: InConflict): TetherdockError {
  const { version } = fleet.kept.view;
  return new TetherdockError("FLEET_CONFLICT", "another machine has changed this fleet's list", {
    why: [
      `the store has version ${ahead.view.version}, and this machine ${ahead.view.version === version ? "another version" : "version"} ${version}`,
      ...differences(fleet.kept, ahead, APART),
    ],
    hints: waysOn(fleet, ahead),
  });
}

function tellTaken({ tell }: FleetPorts, fleet: OperatedFleet, next: KeptFleet, words: Words): void {
  // What one operator alone has revoked leaves the list, and who has signed that, as they are.
  const isSame = isSameTargets(next.documents.targets, fleet.kept.documents.targets);
  const signers = isSame ? publishersOf(next.documents) : signersOf(next.documents);
  const by = signers.map((one) => quoteForeign(calledOperator(one)));
  const what = differences(fleet.kept, next, words).map((one) => `; ${one}`);
  tell(`took version ${next.view.version} from the store, signed by ${by.join(", ")}${what.join("")}`);
}

/** Keeps what another operator has published, and says who and what. */
async function adopt(ports: FleetPorts, fleet: OperatedFleet, next: KeptFleet): Promise<OperatedFleet> {
  await ports.fleets.publish(fleet.name, next);
  tellTaken(ports, fleet, next, AFTER);
  await settleProposal(ports, fleet.name, next);
  // This machine's key may be another one now: others have signed what replaces it.
  return ports.fleets.read(fleet.name);
}

/** @returns with what other operators have published, if it follows what this machine has */
export async function takeNewest(ports: FleetPorts, fleet: OperatedFleet): Promise<OperatedFleet> {
  const ahead = await listAhead(ports, fleet);
  return ahead?.next ? adopt(ports, fleet, ahead.next) : fleet;
}

/**
 * @returns with what other operators have published
 * @throws FLEET_CONFLICT: the store has a list that does not follow the one of this machine; FLEET_STORE_FAILED: it cannot be read,
 *   and there are other operators
 */
export async function requireNewest(
  ports: FleetPorts,
  fleet: OperatedFleet,
  ifUnread: IfUnread = "refuse",
): Promise<OperatedFleet> {
  const ahead = await readAhead(ports, fleet, ifUnread);
  if (ahead !== null && ahead.next === null) throw changedElsewhere(fleet, ahead);
  return ahead?.next ? adopt(ports, fleet, ahead.next) : fleet;
}

/**
 * @param revokes what is to be revoked; undefined: nothing, and {@link requireNewest} says what is thrown
 * @returns with what other operators have published. If that does not follow what this machine has, with what they have revoked, or
 *   with their list if this one never got into the store: then what is signed next has to have a higher version than `above`
 */
export async function newestToRevoke(
  ports: FleetPorts,
  fleet: OperatedFleet,
  revokes?: (list: FleetList) => ListChange,
): Promise<{ readonly fleet: OperatedFleet; readonly above?: number }> {
  const ahead = await readAhead(ports, fleet, revokes === undefined ? "refuse" : "tell");
  if (ahead === null) return { fleet };
  if (ahead.next !== null) return { fleet: await adopt(ports, fleet, ahead.next) };
  const { kept } = fleet;
  const { instead } = ahead;
  // Hosts that this machine has a line to may have a client that only its own list has.
  if (instead !== null && (revokes === undefined || "list" in revokes(instead.view.list))) {
    tellTaken(ports, fleet, instead, APART);
    return { fleet: { ...fleet, kept: instead }, above: Math.max(kept.view.version, instead.view.version) };
  }
  if (isSameList(fleet, ahead)) {
    const theirs = await revocationsIn(kept.documents, ahead.documents);
    const revoked = [...new Set([...kept.revoked, ...theirs])];
    return { fleet: { ...fleet, kept: { ...kept, revoked } }, above: ahead.view.version };
  }
  if (revokes === undefined) throw changedElsewhere(fleet, ahead);
  return { fleet };
}
