/** Verifies a fleet's documents against those that were trusted before (TUF specification 1.0, section 5). */
import type { Metadata, Targets } from "@tufjs/models";
import type { TrustedMetadataStore } from "tuf-js/dist/store.js";
import { json } from "../base/index.ts";
import {
  type FleetDocuments,
  HOSTS_TARGET,
  LIST_TARGET,
  REVOCATIONS,
  REVOKED_TARGET,
  sha256,
} from "./documents.ts";
import { type FleetList, readFleetList } from "./fleet-list.ts";
import { isSameTargets, targetsIn, wrongKeys } from "./operators.ts";

/** In root.json: the first version of the list that its operators have signed. Other fields than TUF's own are allowed. */
export const LIST_FROM = "x-tetherdock-list-from";

/** Who has an operator's key must not use the numbers up, nor those that name the operator's files. */
const MOST_VERSION = 999_999_999;

/**
 * Versions that another operator may be ahead by. Nobody makes as many changes; a thief who has a key signs the highest version,
 * and a machine could not sign a higher one if it took that over.
 */
export const MOST_AHEAD = 100_000;

/** What verified documents say. */
export interface FleetView {
  readonly list: FleetList;
  /** Rises with every change. That of the list itself may be lower: revocations alone leave it as it is. */
  readonly version: number;
  /** Of root.json: rises when operators or their keys change. */
  readonly rootVersion: number;
  /** When the documents end, milliseconds since the epoch. */
  readonly until: number;
}

export type Verified =
  | { readonly documents: FleetDocuments; readonly view: FleetView; readonly isNews: boolean }
  | { readonly refused: string };

export type VerifiedSignatures =
  | (Omit<FleetView, "list"> & { readonly documents: FleetDocuments; readonly isNews: boolean })
  | { readonly refused: string };

const bytes = (text: string): Buffer => Buffer.from(text, "utf8");

/** The library parses what it is given: this bounds size and depth first, and refuses what is not JSON. */
export function requireJson(documents: FleetDocuments): void {
  const { roots, timestamp, snapshot, targets, revocations = "{}" } = documents;
  for (const text of [...roots, timestamp, snapshot, targets, revocations]) json.parse(text);
}

/** The versions of signed roots that follow the trusted one. The signatures decide, not this number. */
const versionOf = (root: string): unknown =>
  (json.parse(root) as { readonly signed?: { readonly version?: unknown } } | null)?.signed?.version;

/** Before its signatures count for anything else. */
function requireKeys({ root }: TrustedMetadataStore): void {
  const wrong = wrongKeys(root.signed);
  if (wrong !== null) throw new Error(wrong);
}

/** @param pinned the root.json that is trusted as it is */
export async function openRoot(pinned: string): Promise<TrustedMetadataStore> {
  // Loaded here: most gateways are in no fleet.
  const { TrustedMetadataStore: Store } = await import("tuf-js/dist/store.js");
  const store = new Store(bytes(pinned));
  requireKeys(store);
  return store;
}

/** Verifying many takes long: between two, others get their turn. */
export async function followRoots(store: TrustedMetadataStore, roots: readonly string[]): Promise<string[]> {
  const followed: string[] = [];
  for (const root of roots) {
    const version = versionOf(root);
    if (typeof version === "number" && version <= store.root.signed.version) continue;
    store.updateRoot(bytes(root));
    requireKeys(store);
    followed.push(root);
    await new Promise(setImmediate);
  }
  return followed;
}

/** Loads what was trusted before, so that what follows is compared with it. That it has ended since does not matter. */
function recall(load: () => void): void {
  try {
    load();
  } catch {
    // After a change of keys the old documents do not count, as the specification has it (5.3.11).
  }
}

/**
 * TUF allows two lists of one version. Several operators may have signed one that they then dropped, and who has one key
 * must not bring it back. One list with the signatures of others is no other list.
 * @param known what was trusted before, if its signatures still count
 */
function requireOneList(store: TrustedMetadataStore, known: FleetDocuments, offered: FleetDocuments): void {
  const before = targetsIn(known.targets).signed.version;
  if (before === store.targets?.signed.version && !isSameTargets(known.targets, offered.targets))
    throw new Error(`there is another list of version ${before}`);
}

/** Revocations count if the list's signers have said who may sign them, and their signature holds. */
function requireRevocations(store: TrustedMetadataStore, { revocations, revoked }: FleetDocuments): void {
  const isExpected = store.targets?.signed.delegations?.roles?.[REVOCATIONS] !== undefined;
  if (isExpected !== (revocations !== undefined) || isExpected !== (revoked !== undefined))
    throw new Error(isExpected ? "the revocations are missing" : "nobody may sign revocations alone");
  if (revocations === undefined || revoked === undefined) return;
  store.updateDelegatedTargets(bytes(revocations), REVOCATIONS, "targets");
  if (!isTarget(store.getRole(REVOCATIONS), REVOKED_TARGET, revoked))
    throw new Error("the revocations are not those that were signed");
}

function isSame(trusted: FleetDocuments | null, offered: FleetDocuments): boolean {
  return trusted?.timestamp === offered.timestamp;
}

export function isTarget(role: Metadata<Targets> | undefined, name: string, text: string): boolean {
  const target = role?.signed.targets[name];
  return sha256(text) === target?.hashes["sha256"];
}

function endOf(store: TrustedMetadataStore): number {
  const all = [store.root, store.timestamp, store.snapshot, store.targets];
  return Math.min(...all.map((one) => Date.parse(one?.signed.expires ?? "")));
}

async function verify(trusted: FleetDocuments | null, offered: FleetDocuments): Promise<VerifiedSignatures> {
  requireJson(offered);
  const pinned = trusted?.roots[0] ?? offered.roots[0];
  if (pinned === undefined) return { refused: "there is no root.json" };
  const store = await openRoot(pinned);
  const before = await followRoots(store, trusted?.roots.slice(1) ?? []);
  const after = await followRoots(store, offered.roots);
  const isNews = !isSame(trusted, offered);
  const known = isNews ? trusted : null;
  if (known) recall(() => store.updateTimestamp(bytes(known.timestamp)));
  store.updateTimestamp(bytes(offered.timestamp));
  if (known) recall(() => store.updateSnapshot(bytes(known.snapshot), true));
  const counts = store.snapshot === undefined ? null : known;
  store.updateSnapshot(bytes(offered.snapshot));
  store.updateDelegatedTargets(bytes(offered.targets), "targets", "root");
  if (counts) requireOneList(store, counts, offered);
  requireRevocations(store, offered);
  if (!isTarget(store.targets, LIST_TARGET, offered.list))
    return { refused: "the list is not the one that was signed" };
  if (offered.hosts !== undefined && !isTarget(store.targets, HOSTS_TARGET, offered.hosts))
    return { refused: "the hosts are not those that were signed" };
  const list = store.targets?.signed.version ?? 0;
  const from = store.root.signed.unrecognizedFields[LIST_FROM];
  if (typeof from === "number" && list < from)
    return { refused: `version ${list} is less than ${from}, the first one of these operators` };
  // One signature is enough for a newer snapshot, which may have the same list and more revocations.
  const version = store.timestamp?.signed.version ?? 0;
  if (version > MOST_VERSION) return { refused: `version ${version} is more than ${MOST_VERSION}` };
  return {
    documents: { ...offered, roots: [pinned, ...before, ...after] },
    version,
    rootVersion: store.root.signed.version,
    until: endOf(store),
    isNews,
  };
}

/**
 * Verifies who signed, and that it follows what was trusted. What the list says is not read: that is ten times the work, and
 * who only hands documents on does not need it.
 * @param trusted what was verified before; null: nothing, and the first root is trusted as it is
 * @param offered from anybody
 */
export async function verifySignatures(
  trusted: FleetDocuments | null,
  offered: FleetDocuments,
): Promise<VerifiedSignatures> {
  try {
    return await verify(trusted, offered);
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

/**
 * The same, and reads the list.
 * @returns the documents to trust from now on, with every root from the pinned one on
 */
export async function verifyDocuments(
  trusted: FleetDocuments | null,
  offered: FleetDocuments,
): Promise<Verified> {
  const verified = await verifySignatures(trusted, offered);
  if ("refused" in verified) return verified;
  const { documents, isNews, ...view } = verified;
  const read = readFleetList(documents.list, documents.hosts, documents.revoked);
  if ("problems" in read) return { refused: `the list cannot be read: ${read.problems.join("; ")}` };
  return { documents, isNews, view: { ...view, list: read.value } };
}
