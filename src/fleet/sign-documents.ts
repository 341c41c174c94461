/** Signs a new version of a fleet's documents with an operator's key. */
import type { KeyObject } from "node:crypto";
import { Metadata, MetaFile, Snapshot, Targets, Timestamp } from "@tufjs/models";
import { type FleetDocuments, REVOCATIONS, REVOKED_TARGET, sha256 } from "./documents.ts";
import {
  type FleetList,
  formatFleetHosts,
  formatFleetList,
  formatRevoked,
  readFleetList,
} from "./fleet-list.ts";
import { type Operator, operatorOf, operatorsOf, readRoot, targetsIn, thresholdOf } from "./operators.ts";
import {
  type AnyMetadata,
  common,
  makeRoot,
  makeTargets,
  type Signers,
  signed,
  target,
  textOf,
} from "./proposal/draft.ts";
import { type FleetView, LIST_FROM } from "./verify-documents.ts";

export interface Signing {
  /** An operator's, Ed25519. */
  readonly key: KeyObject;
  /** Who are operators from now on; default: who were before, or the key's owner. */
  readonly operators?: readonly Operator[];
  /** How many of them have to sign from now on; default: as before, or one. */
  readonly threshold?: number;
  /** The key that `key` replaces: the operators before have to sign who comes after them. */
  readonly replaced?: KeyObject;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long hosts may use the list, ms. */
  readonly validMs: number;
  /** How long the operators' keys are trusted without a new root.json, ms. */
  readonly rootMs: number;
  /** The new version is higher than this one too; default: 0. */
  readonly above?: number;
}

/** Documents that were verified, and what they say. */
export interface Signed {
  readonly documents: FleetDocuments;
  readonly view: FleetView;
}

/** A changed list, signed by some of those who have to. */
export interface Draft {
  /** A new root.json; null: it stays. */
  readonly root: string | null;
  readonly targets: string;
  readonly list: string;
  readonly hosts: string;
}

const meta = (version: number, text: string): MetaFile =>
  new MetaFile({ version, length: Buffer.byteLength(text), hashes: { sha256: sha256(text) } });

/** Who signs from now on. */
function signersAfter(before: Signed | null, { key, operators, threshold }: Signing): Signers {
  const documents = before?.documents;
  return {
    operators: operators ?? (documents ? operatorsOf(documents) : [operatorOf(key, null)]),
    threshold: threshold ?? (documents ? thresholdOf(documents) : 1),
  };
}

/**
 * A new root.json: for other operators, or for the same once half of its time is over.
 * @param version of the list. With other operators TUF forgets which one a host had, so that whoever had a stolen key cannot
 *   have used the numbers up. This one is in the root, so that nothing older comes back.
 */
function nextRoot(before: Signed | null, version: number, signing: Signing): string | null {
  const { key, replaced, operators, threshold, now, rootMs } = signing;
  const signers = signersAfter(before, signing);
  if (before === null) return textOf(signed(new Metadata(makeRoot(signers, 1, now + rootMs, null)), key));
  const root = readRoot(before.documents.roots.at(-1) ?? "");
  const isOther = operators !== undefined || threshold !== undefined;
  if (!isOther && Date.parse(root.expires) - now > rootMs / 2) return null;
  const from = isOther ? version : root.unrecognizedFields[LIST_FROM];
  const next = makeRoot(signers, root.version + 1, now + rootMs, typeof from === "number" ? from : null);
  return textOf(signed(new Metadata(next), key, ...(replaced ? [replaced] : [])));
}

const textsOf = (list: FleetList) => ({ list: formatFleetList(list), hosts: formatFleetHosts(list) });

/** As every machine would write it: other operators read it, write it again, and compare. */
function sameForAll(texts: ReturnType<typeof textsOf>): ReturnType<typeof textsOf> {
  const read = readFleetList(texts.list, texts.hosts);
  return "value" in read ? textsOf(read.value) : texts;
}

/**
 * @param before what was published last; null: the fleet is new
 * @returns the list, and the operators if they change, with one operator's signature
 */
export function draftList(before: Signed | null, list: FleetList, signing: Signing): Draft {
  const { key, now, validMs, above = 0 } = signing;
  const version = Math.max(before?.view.version ?? 0, above) + 1;
  const { operators, threshold } = signersAfter(before, signing);
  // TUF lets no role go that was there.
  const isDelegated = threshold > 1 || before?.documents.revocations !== undefined;
  const texts = isDelegated ? sameForAll(textsOf(list)) : textsOf(list);
  const targets = makeTargets(texts, version, now + validMs, isDelegated ? operators : null);
  return {
    root: nextRoot(before, version, signing),
    targets: textOf(signed(new Metadata(targets), key)),
    ...texts,
  };
}

/** The list as it is. @param documents of an operator, who has the hosts */
export function sameList({ targets, list, hosts = "" }: FleetDocuments): Draft {
  return { root: null, targets, list, hosts };
}

function signRevocations(draft: Draft, revoked: readonly string[], version: number, signing: Signing) {
  const read = readFleetList(draft.list);
  const there = new Set("value" in read ? read.value.revoked : []);
  const text = formatRevoked(revoked.filter((one) => !there.has(one)));
  const dates = common(version, signing.now + signing.validMs);
  const role = new Metadata(new Targets({ ...dates, targets: target(REVOKED_TARGET, text) }));
  return { revocations: textOf(signed(role, signing.key)), revoked: text };
}

/**
 * Signs that a list is the newest, which one operator can do alone, and with it what they revoke.
 * @param draft signed by enough operators, or hosts refuse it
 * @param revoked every key that was ever revoked
 */
export function finishDocuments(
  before: Signed | null,
  draft: Draft,
  revoked: readonly string[],
  signing: Signing,
): FleetDocuments {
  const { root, targets, list, hosts } = draft;
  const { version: ofList, delegations } = targetsIn(targets).signed;
  const version = Math.max(ofList, (before?.view.version ?? 0) + 1, (signing.above ?? 0) + 1);
  const dates = common(version, signing.now + signing.validMs);
  const put = (metadata: AnyMetadata): string => textOf(signed(metadata, signing.key));
  const alone = delegations === undefined ? null : signRevocations(draft, revoked, version, signing);
  const files = {
    "targets.json": meta(ofList, targets),
    ...(alone && { [`${REVOCATIONS}.json`]: meta(version, alone.revocations) }),
  };
  const snapshot = put(new Metadata(new Snapshot({ ...dates, meta: files })));
  const timestamp = put(new Metadata(new Timestamp({ ...dates, snapshotMeta: meta(version, snapshot) })));
  const roots = [...(before?.documents.roots ?? []), ...(root === null ? [] : [root])];
  return { roots, timestamp, snapshot, targets, list, hosts, ...alone };
}

/**
 * @param before what was published last; null: the fleet is new
 * @returns documents with the next version of the list, signed by one operator
 */
export function signDocuments(before: Signed | null, list: FleetList, signing: Signing): FleetDocuments {
  return finishDocuments(before, draftList(before, list, signing), list.revoked, signing);
}
