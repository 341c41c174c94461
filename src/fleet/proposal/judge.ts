/** Whether a draft may be signed: it follows what is in force, and everything in it is something that is shown. */
import { Metadata, type Root, type Targets } from "@tufjs/models";
import { DAY_MS } from "../../base/index.ts";
import { type FleetList, formatFleetHosts, formatFleetList, readFleetList } from "../fleet-list.ts";
import {
  hasSigned,
  type Operator,
  operatorsIn,
  operatorsOf,
  readRoot,
  signedBytes,
  targetsIn,
  thresholdOf,
  wrongKeys,
} from "../operators.ts";
import type { Draft, Signed } from "../sign-documents.ts";
import { LIST_FROM, MOST_AHEAD } from "../verify-documents.ts";
import { makeRoot, makeTargets, rootIn, type Signers } from "./draft.ts";

/** What a proposal would make of the fleet. */
export interface Proposal {
  readonly draft: Draft;
  readonly list: FleetList;
  readonly operators: readonly Operator[];
  readonly threshold: number;
  /** When the list would end, milliseconds since the epoch: its own end, or that of the new root.json. */
  readonly until: number;
  /** Operators, old and new, whose signatures it has. */
  readonly signers: readonly Operator[];
  /** How many signatures are missing. */
  readonly missing: number;
}

export type ReadProposal =
  | { readonly value: Proposal }
  /** @property isOld the list was changed since @property isPublished by this change itself */
  | { readonly refused: string; readonly isOld: boolean; readonly isPublished?: true };

const MOST_DAYS = { list: 91, root: 731 };

function require(holds: boolean, why: string): asserts holds {
  if (!holds) throw new Error(why);
}

/** Everything in it is something that was read, and so can be shown. */
function requireSame(offered: Metadata<Root> | Metadata<Targets>, made: Root | Targets): void {
  const same = signedBytes(new Metadata(made as Root)).equals(signedBytes(offered));
  require(same, "it has something that this tetherdock would not show");
}

const endOf = ({ expires }: Root | Targets): number => Date.parse(expires);

const signersIn = (root: Root): Signers => ({
  operators: operatorsIn(root),
  threshold: root.roles["targets"]?.threshold ?? 0,
});

/** In a root.json with other signers, the first version that they sign is the one of this list. */
function listFromOf(before: Signed, targets: string, { operators, threshold }: Signers): number | null {
  const { documents } = before;
  const isSame =
    threshold === thresholdOf(documents) &&
    JSON.stringify(operators) === JSON.stringify(operatorsOf(documents));
  const current = readRoot(documents.roots.at(-1) ?? "");
  const from = isSame ? current.unrecognizedFields[LIST_FROM] : targetsIn(targets).signed.version;
  return typeof from === "number" ? from : null;
}

function rootOf(before: Signed, draft: Draft, now: number): Metadata<Root> | null {
  if (draft.root === null) return null;
  const root = rootIn(draft.root);
  const wrong = wrongKeys(root.signed);
  require(wrong === null, wrong ?? "");
  require(endOf(root.signed) - now < MOST_DAYS.root * DAY_MS, "its root.json ends too late");
  const signers = signersIn(root.signed);
  require(signers.operators.length > 0, "it has no operators");
  const version = before.view.rootVersion + 1;
  const listFrom = listFromOf(before, draft.targets, signers);
  requireSame(root, makeRoot(signers, version, endOf(root.signed), listFrom));
  return root;
}

/** An operator is shown neither another name of the fleet nor a revoked key that leaves the list. */
function requireFollows({ documents, view }: Signed, next: FleetList): void {
  require(next.name === view.list.name, "it gives the fleet another name");
  const before = readFleetList(documents.list);
  const keys = new Set(next.revoked);
  const isKept = "value" in before && before.value.revoked.every((key) => keys.has(key));
  require(isKept, "it takes a revocation back");
}

function listIn({ list: text, hosts }: Draft): FleetList {
  const read = readFleetList(text, hosts);
  if ("problems" in read) throw new Error(`its list cannot be read: ${read.problems.join("; ")}`);
  const isSame = formatFleetList(read.value) === text && formatFleetHosts(read.value) === hosts;
  require(isSame, "it has something that this tetherdock would not show");
  return read.value;
}

function requireNext({ documents, view }: Signed, { version, expires }: Targets, now: number): void {
  require(version > targetsIn(documents.targets).signed.version, "a list of its version is published");
  require(version - view.version <= MOST_AHEAD, "its version is too high");
  require(Date.parse(expires) - now < MOST_DAYS.list * DAY_MS, "its list ends too late");
}

interface Parts {
  readonly root: Metadata<Root> | null;
  readonly targets: Metadata<Targets>;
}

/** Of those before and those after it. Who goes signs only the root.json. */
function signersOf({ root, targets }: Parts, before: Signers, after: Signers): readonly Operator[] {
  const all = [...new Map([...before.operators, ...after.operators].map((one) => [one.id, one])).values()];
  const goes = (one: Operator) => !after.operators.some(({ id }) => id === one.id);
  return all.filter(
    (one) =>
      (root === null || hasSigned(one, root)) && ((root !== null && goes(one)) || hasSigned(one, targets)),
  );
}

/** TUF wants enough signatures of those before and of those after. */
function missingIn({ root, targets }: Parts, before: Signers, after: Signers): number {
  const short = (metadata: Metadata<Root> | Metadata<Targets>, { operators, threshold }: Signers) =>
    threshold - operators.filter((one) => hasSigned(one, metadata)).length;
  const ofRoot = root === null ? [] : [short(root, before), short(root, after)];
  return Math.max(0, short(targets, after), ...ofRoot);
}

/** @throws Error with a message: it is refused */
function judged(before: Signed, draft: Draft, now: number): Proposal {
  const { documents } = before;
  const parts = { root: rootOf(before, draft, now), targets: targetsIn(draft.targets) };
  const { root, targets } = parts;
  const list = listIn(draft);
  requireFollows(before, list);
  requireNext(before, targets.signed, now);
  const own = { operators: operatorsOf(documents), threshold: thresholdOf(documents) };
  const after = root ? signersIn(root.signed) : own;
  const alone = after.threshold > 1 || documents.revocations !== undefined ? after.operators : null;
  const end = endOf(targets.signed);
  requireSame(targets, makeTargets(draft, targets.signed.version, end, alone));
  const signers = signersOf(parts, own, after);
  require(signers.length > 0, "no operator has signed it");
  const until = root ? Math.min(end, endOf(root.signed)) : end;
  return { draft, list, ...after, until, signers, missing: missingIn(parts, own, after) };
}

/**
 * @param before what this machine has, verified @param draft from anybody, or of this machine @param now milliseconds since the epoch
 * @returns what it would change, or why it is refused
 */
export function judgeDraft(before: Signed, draft: Draft, now: number): ReadProposal {
  try {
    return { value: judged(before, draft, now) };
  } catch (error) {
    return { refused: (error as Error).message, isOld: false };
  }
}
