/**
 * A change of a fleet's list that waits for signatures of other operators. Nothing in it is believed: what it would change is
 * read, shown, and made again from what was read, so that an operator signs what they have seen and nothing else.
 */
import { Metadata, type Root, type Targets } from "@tufjs/models";
import { DAY_MS, json } from "../../base/index.ts";
import { type FleetList, formatFleetHosts, formatFleetList, readFleetList } from "../fleet-list.ts";
import {
  hasSigned,
  type Operator,
  operatorsIn,
  operatorsOf,
  targetsIn,
  thresholdOf,
  wrongKeys,
} from "../operators.ts";
import type { Draft, Signed } from "../sign-documents.ts";
import { LIST_FROM } from "../verify-documents.ts";
import { makeRoot, makeTargets, rootIn, sha256, signed, signedBytes, textOf } from "./draft.ts";

/** Bytes. A driver of a store reads no more. */
export const MOST_PROPOSAL = 2 * 1024 * 1024;

interface Form extends Draft {
  readonly version: number;
  /** SHA-256 of the targets.json that it changes. */
  readonly base: string;
}

const text = { read: json.words(1024 * 1024) };
const readForm = json.object<Form>({
  version: { read: json.only(1) },
  base: { read: json.sha256 },
  root: { read: json.orNull(json.words(8 * 1024)) },
  targets: { read: json.words(8 * 1024) },
  list: text,
  hosts: text,
});

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
  /** @property isOld the list was changed since */
  | { readonly refused: string; readonly isOld: boolean };

/** Nobody makes as many changes: so many numbers are left, whoever has a key. */
const MOST_AHEAD = 100_000;
const MOST_DAYS = { list: 91, root: 731 };

export function formatProposal(before: Signed, draft: Draft): string {
  return `${JSON.stringify({ version: 1, base: sha256(before.documents.targets), ...draft })}\n`;
}

function require(holds: boolean, why: string): asserts holds {
  if (!holds) throw new Error(why);
}

/** Everything in it is something that was read, and so can be shown. */
function requireSame(offered: Metadata<Root> | Metadata<Targets>, made: Root | Targets): void {
  const same = signedBytes(new Metadata(made as Root)).equals(signedBytes(offered));
  require(same, "it has something that this tetherdock would not show");
}

const endOf = ({ expires }: Root | Targets): number => Date.parse(expires);

function rootOf(before: Signed, draft: Draft, now: number): Metadata<Root> | null {
  if (draft.root === null) return null;
  const [root, current] = [rootIn(draft.root), rootIn(before.documents.roots.at(-1) ?? "").signed];
  const wrong = wrongKeys(root.signed);
  require(wrong === null, wrong ?? "");
  require(endOf(root.signed) - now < MOST_DAYS.root * DAY_MS, "its root.json ends too late");
  const signers = {
    operators: operatorsIn(root.signed),
    threshold: root.signed.roles["targets"]?.threshold ?? 0,
  };
  require(signers.operators.length > 0, "it has no operators");
  const isOther =
    signers.threshold !== thresholdOf(before.documents) ||
    JSON.stringify(signers.operators) !== JSON.stringify(operatorsOf(before.documents));
  const from = isOther ? targetsIn(draft.targets).signed.version : current.unrecognizedFields[LIST_FROM];
  const listFrom = typeof from === "number" ? from : null;
  requireSame(root, makeRoot(signers, current.version + 1, endOf(root.signed), listFrom));
  return root;
}

/** What two have to sign names no other fleet, and takes no revocation back: neither is shown. */
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

const short = (metadata: Metadata<Root> | Metadata<Targets>, by: readonly Operator[], threshold: number) =>
  threshold - by.filter((one) => hasSigned(one, metadata)).length;

/** @param draft from anybody @param now milliseconds since the epoch @throws Error with a message: it is refused */
function judged(before: Signed, draft: Draft, now: number): Proposal {
  const { documents, view } = before;
  const [root, targets] = [rootOf(before, draft, now), targetsIn(draft.targets)];
  const operators = root ? operatorsIn(root.signed) : operatorsOf(documents);
  const threshold = root ? (root.signed.roles["targets"]?.threshold ?? 0) : thresholdOf(documents);
  const { version } = targets.signed;
  const [end, list] = [endOf(targets.signed), listIn(draft)];
  requireFollows(before, list);
  require(version > targetsIn(documents.targets).signed.version, "a list of its version is published");
  require(version - view.version <= MOST_AHEAD, "its version is too high");
  require(end - now < MOST_DAYS.list * DAY_MS, "its list ends too late");
  const alone = threshold > 1 || documents.revocations !== undefined ? operators : null;
  requireSame(targets, makeTargets(draft, version, end, alone));
  const before1 = operatorsOf(documents);
  const all = [...new Map([...before1, ...operators].map((one) => [one.id, one])).values()];
  const signers = all.filter((one) =>
    root === null
      ? hasSigned(one, targets)
      : hasSigned(one, root) && (hasSigned(one, targets) || !operators.some(({ id }) => id === one.id)),
  );
  require(signers.length > 0, "no operator has signed it");
  const missing = Math.max(
    0,
    short(targets, operators, threshold),
    ...(root ? [short(root, before1, thresholdOf(documents)), short(root, operators, threshold)] : []),
  );
  const until = root ? Math.min(end, endOf(root.signed)) : end;
  return { draft, list, operators, threshold, until, signers, missing };
}

/**
 * @param before what this machine has, verified @param text from anybody @param now milliseconds since the epoch
 * @returns what the proposal would change, or why it is refused
 */
export function readProposal(before: Signed, text: string, now: number): ReadProposal {
  const read = json.read(text, readForm, { maxLength: MOST_PROPOSAL });
  if ("problems" in read) return { refused: read.problems.slice(0, 3).join("; "), isOld: false };
  const { version: _, base, ...draft } = read.value;
  if (base !== sha256(before.documents.targets))
    return { refused: "it changes a list that is not the newest", isOld: true };
  return judgeDraft(before, draft, now);
}

/** The same, of what this machine has drafted. */
export function judgeDraft(before: Signed, draft: Draft, now: number): ReadProposal {
  try {
    return { value: judged(before, draft, now) };
  } catch (error) {
    return { refused: (error as Error).message, isOld: false };
  }
}

/** @param key of an operator, who has seen what it changes @returns with their signature too */
export function signProposal({ draft }: Proposal, key: Parameters<typeof signed>[1]): Draft {
  const root = draft.root === null ? null : textOf(signed(rootIn(draft.root), key));
  return { ...draft, root, targets: textOf(signed(targetsIn(draft.targets), key)) };
}
