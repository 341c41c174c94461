/**
 * Who owns a thing: a label has the hash of the owner's key. Every call asks the engine again and acts on the full ID
 * that was inspected, so a rename in between changes nothing. A label that the image has too proves nothing: the image's
 * author could have put it there, and the container could be an admin's.
 */
import type { OperationCall } from "../../../../engine/index.ts";
import type { Answer } from "../../../answers/index.ts";
import type { Mark } from "../../../answers/mark.ts";
import type { Asking, EngineLookup, FoundContainer, Labels } from "../../../asking.ts";
import { objectAt } from "../../../body/json/fields.ts";
import type { JsonValue } from "../../../body/json/value.ts";
import type { Fields } from "../../../body/judge-body.ts";
import { namesOwner, OWNER_LABEL } from "../../../body/model/index.ts";
import { refusal } from "../../../refusal.ts";
import type { RuleVerdict } from "../../rule.ts";
import { type Query, targetOf } from "./query/query.ts";

/** Names and IDs as the engine accepts them. */
export const REFERENCE = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const EXEC_ID = /^[0-9a-f]{64}$/;

export const isOwn = (
  labels: Readonly<Record<string, unknown>> | null | undefined,
  owner: string | null,
): boolean => owner !== null && labels?.[OWNER_LABEL] === owner;

export const NO_KEY: RuleVerdict = refusal(
  "owner",
  "a client without a certificate cannot own containers; connect with one",
);

/** @returns the labels of a body, with the owner's */
export function ownLabels(fields: Fields, owner: string): ReadonlyMap<string, JsonValue> {
  return new Map([...objectAt(fields, "Labels"), [OWNER_LABEL, owner] as const]);
}

/** @returns why a container with the owner's label does not count as the owner's; null: it does */
export async function imageProblem(
  { image }: FoundContainer,
  engine: EngineLookup,
): Promise<RuleVerdict | null> {
  const labels = await engine.inspectImage(image);
  if (labels === null)
    return refusal("owner", "its image is gone, so its owner cannot be verified; ask an admin to remove it");
  return namesOwner(labels)
    ? refusal("owner", `its image also has the label ${OWNER_LABEL}; use an image without it`)
    : null;
}

/** What a call names: a container, or an exec, whose container decides. */
interface Named {
  /** The full ID: of the container, or of the exec. */
  readonly id: string;
  readonly container: FoundContainer;
  readonly isPrivilegedExec: boolean;
}

/** An admin's exec in any container; its ID is in the container's inspect before it starts. */
export const PRIVILEGED_EXEC: RuleVerdict = refusal(
  "privileged",
  "the exec is privileged: it is root on the host; create one without --privileged",
);

async function findContainer(ref: string, engine: EngineLookup): Promise<Named | null> {
  const container = REFERENCE.test(ref) ? await engine.inspectContainer(ref) : null;
  return container && { id: container.id, container, isPrivilegedExec: false };
}

async function findExec(ref: string, engine: EngineLookup): Promise<Named | null> {
  const exec = EXEC_ID.test(ref) ? await engine.inspectExec(ref) : null;
  const container = exec && (await engine.inspectContainer(exec.containerId));
  return exec && container && { id: exec.id, container, isPrivilegedExec: exec.isPrivileged };
}

export const isExec = ({ operation }: OperationCall): boolean => operation.path.startsWith("/exec/");

/** @returns what the call names, whoever it belongs to; null: nothing has that name */
export function findNamed(call: OperationCall, engine: EngineLookup): Promise<Named | null> {
  return (isExec(call) ? findExec : findContainer)(call.params["id"] ?? "", engine);
}

export const missing = (ref: string, isExec: boolean): RuleVerdict => ({
  missing: `No such ${isExec ? "exec instance" : "container"}: ${ref}`,
});

/** dockerd copies all labels of a container for each of its newest 256 events. A deployer's create is bounded; its image is not. */
const MOST_LABELS_WITH_IMAGE = 2_000;
/** Calls of which dockerd makes no event, or only the few of a container's end: kill, die, stop, destroy. */
const QUIET: ReadonlySet<string> = new Set([
  ...["ContainerInspect", "ContainerLogs", "ContainerStats", "ContainerWait", "ContainerStop"],
  "ContainerDelete",
]);

function eventProblem({ labels }: FoundContainer): RuleVerdict | null {
  const count = Object.keys(labels).length;
  return count > MOST_LABELS_WITH_IMAGE
    ? refusal(
        "kept",
        `with its image's, the container has ${count} labels, and Docker copies them with each event; remove it, and use an image with fewer`,
      )
    : null;
}

/** @returns that nothing of that name exists, unless it is the owner's: somebody else's is answered in the same way */
async function findOwn(
  ref: string,
  isExec: boolean,
  { owner, engine }: Asking,
): Promise<Named | RuleVerdict> {
  if (owner === null) return NO_KEY;
  const found = await (isExec ? findExec : findContainer)(ref, engine);
  if (!found || !isOwn(found.container.labels, owner)) return missing(ref, isExec);
  return (await imageProblem(found.container, engine)) ?? found;
}

/** @returns the container of that name or ID, with what is wrong with it, or why the call is refused */
export async function findOwnToStart(
  ref: string,
  asking: Asking,
): Promise<{ readonly container: FoundContainer; readonly problem: RuleVerdict | null } | RuleVerdict> {
  const found = await findOwn(ref, false, asking);
  return "container" in found
    ? { container: found.container, problem: eventProblem(found.container) }
    : found;
}

/** @returns the container of that name or ID, or why the call is refused */
export async function findOwnContainer(ref: string, asking: Asking): Promise<FoundContainer | RuleVerdict> {
  const found = await findOwnToStart(ref, asking);
  return "container" in found ? (found.problem ?? found.container) : found;
}

/** @returns the target, or why the call is refused */
export async function ownTarget(
  call: OperationCall,
  query: Query,
  asking: Asking,
): Promise<string | RuleVerdict> {
  const found = await findOwn(call.params["id"] ?? "", isExec(call), asking);
  if ("container" in found && found.isPrivilegedExec && call.operation.name === "ExecStart")
    return PRIVILEGED_EXEC;
  if (!("container" in found)) return found;
  const problem = QUIET.has(call.operation.name) ? null : eventProblem(found.container);
  return problem ?? targetOf(call, { id: found.id }, query);
}

/** An answer in which only what belongs to the owner is shown. */
export const shownBy = (show: Mark["show"], lines = false): Answer => ({
  mark: { verdict: "in part", why: "own things", show, fields: null },
  lines,
});

/** @returns whether a value in an answer, with its labels, is the owner's */
export const isMine =
  (owner: string) =>
  (value: unknown): boolean =>
    isOwn((value as { Labels?: Labels | null } | null)?.Labels, owner);

export const ownIn = (values: unknown, owner: string): unknown[] =>
  Array.isArray(values) ? values.filter(isMine(owner)) : [];

/** Keeps the owner's things of a list. @param limit how many at most; 0: all */
export function ownOfList(owner: string, limit = 0): Answer {
  return shownBy((value) => {
    const own = ownIn(value, owner);
    return limit > 0 ? own.slice(0, limit) : own;
  });
}
