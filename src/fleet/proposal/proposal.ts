/**
 * A change of a fleet's list that waits for signatures of other operators. Nothing in it is believed: what it would change is
 * read, shown, and made again from what was read, so that an operator signs what they have seen and nothing else.
 */
import { json } from "../../base/index.ts";
import { sha256 } from "../documents.ts";
import { isSameTargets, signedBytes, targetsIn } from "../operators.ts";
import type { Draft, Signed } from "../sign-documents.ts";
import { rootIn, signed, textOf } from "./draft.ts";
import { judgeDraft, type Proposal, type ReadProposal } from "./judge.ts";

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

export function formatProposal(before: Signed, draft: Draft): string {
  return `${JSON.stringify({ version: 1, base: sha256(before.documents.targets), ...draft })}\n`;
}

/** Whoever signed last may have been somebody else: then the signatures differ. */
function isPublished({ documents }: Signed, draft: Draft): boolean {
  try {
    return isSameTargets(draft.targets, documents.targets);
  } catch {
    return false;
  }
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
    return isPublished(before, draft)
      ? { refused: "it is signed and published", isOld: true, isPublished: true }
      : { refused: "it changes a list that is not the newest", isOld: true };
  return judgeDraft(before, draft, now);
}

/** @param text from anybody @returns whether the list of this machine is what the proposal made of another one */
export function isFinished(before: Signed, text: string): boolean {
  const read = json.read(text, readForm, { maxLength: MOST_PROPOSAL });
  return (
    "value" in read && read.value.base !== sha256(before.documents.targets) && isPublished(before, read.value)
  );
}

/** @returns whether two proposals are one change, with other signatures */
export function isSameChange(one: Draft, other: Draft): boolean {
  const parts = ({ root, targets, list, hosts }: Draft) => [
    ...(root === null ? [] : [signedBytes(rootIn(root)).toString("base64")]),
    ...[signedBytes(targetsIn(targets)).toString("base64"), list, hosts],
  ];
  return parts(one).join("\n") === parts(other).join("\n");
}

/** @param key of an operator, who has seen what it changes @returns with their signature too */
export function signProposal({ draft }: Proposal, key: Parameters<typeof signed>[1]): Draft {
  const root = draft.root === null ? null : textOf(signed(rootIn(draft.root), key));
  return { ...draft, root, targets: textOf(signed(targetsIn(draft.targets), key)) };
}
