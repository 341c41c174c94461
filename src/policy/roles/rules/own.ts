/**
 * Whose a container is: it carries the owner's key in a label. Every call asks the engine anew and acts on the full id
 * that was looked at, so a name that changes hands in between changes nothing. A label that the image has too proves
 * nothing: whoever made the image could have put it there, and the container be an admin's.
 */
import type { OperationCall } from "../../../engine/index.ts";
import type { Answer } from "../../answers/index.ts";
import type { Asking, EngineLookup, FoundContainer } from "../../asking.ts";
import { OWNER_LABEL } from "../../body/model/index.ts";
import type { RuleVerdict } from "../rule.ts";
import { type Query, targetOf } from "./query.ts";

/** What the engine takes for a name, and what an id looks like. */
const REFERENCE = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const EXEC_ID = /^[0-9a-f]{64}$/;

const isOwn = (found: FoundContainer | null, owner: string): found is FoundContainer =>
  found?.labels[OWNER_LABEL] === owner;

export const NO_KEY: RuleVerdict = {
  check: "owner",
  refuse:
    "the client has no key of its own, so nothing can be its own; connect with a certificate (check owner)",
};

/** @returns why a container with the owner's label is not taken for the owner's; null: it is the owner's */
async function imageProblem({ image }: FoundContainer, engine: EngineLookup): Promise<RuleVerdict | null> {
  const labels = await engine.inspectImage(image);
  if (labels === null)
    return {
      check: "owner",
      refuse: "its image is gone, so nothing shows whose it is; have an admin remove it (check owner)",
    };
  return Object.hasOwn(labels, OWNER_LABEL)
    ? {
        check: "owner",
        refuse: `its image has the label ${OWNER_LABEL} too; use an image without it (check owner)`,
      }
    : null;
}

/** @returns where the call goes, or that there is nothing of that name: somebody else's is not told apart */
export async function ownContainer(
  call: OperationCall,
  query: Query,
  { owner, engine }: Asking,
): Promise<string | RuleVerdict> {
  const ref = call.params["id"] ?? "";
  if (owner === null) return NO_KEY;
  const found = REFERENCE.test(ref) ? await engine.inspectContainer(ref) : null;
  if (!isOwn(found, owner)) return { missing: `No such container: ${ref}` };
  return (await imageProblem(found, engine)) ?? targetOf(call, { id: found.id }, query);
}

/** @returns the same for an exec, by its container */
export async function ownExec(
  call: OperationCall,
  query: Query,
  { owner, engine }: Asking,
): Promise<string | RuleVerdict> {
  const ref = call.params["id"] ?? "";
  if (owner === null) return NO_KEY;
  const exec = EXEC_ID.test(ref) ? await engine.inspectExec(ref) : null;
  const found = exec && (await engine.inspectContainer(exec.containerId));
  if (!exec || !isOwn(found, owner)) return { missing: `No such exec instance: ${ref}` };
  return (await imageProblem(found, engine)) ?? targetOf(call, { id: exec.id }, query);
}

/** The owner's containers of a list. @param limit the first so many; 0: all */
export function ownOfList(owner: string, limit: number): Answer {
  const isMine = (value: unknown): boolean =>
    (value as { Labels?: Record<string, unknown> | null } | null)?.Labels?.[OWNER_LABEL] === owner;
  const show = (value: unknown): unknown => {
    const own = Array.isArray(value) ? value.filter(isMine) : [];
    return limit > 0 ? own.slice(0, limit) : own;
  };
  return { mark: { verdict: "in part", why: "own containers", show, fields: null }, lines: false };
}
