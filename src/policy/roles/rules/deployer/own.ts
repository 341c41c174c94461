/**
 * Who owns a container: a label has the hash of the owner's key. Every call asks the engine again and acts on the full ID
 * that was inspected, so a rename in between changes nothing. A label that the image has too proves nothing: the image's
 * author could have put it there, and the container could be an admin's.
 */
import type { OperationCall } from "../../../../engine/index.ts";
import type { Answer } from "../../../answers/index.ts";
import type { Asking, EngineLookup, FoundContainer } from "../../../asking.ts";
import { OWNER_LABEL } from "../../../body/model/index.ts";
import type { RuleVerdict } from "../../rule.ts";
import { type Query, targetOf } from "./query.ts";

/** Names and IDs as the engine accepts them. */
const REFERENCE = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const EXEC_ID = /^[0-9a-f]{64}$/;

const isOwn = (found: FoundContainer | null, owner: string): found is FoundContainer =>
  found?.labels[OWNER_LABEL] === owner;

export const NO_KEY: RuleVerdict = {
  check: "owner",
  refuse: "a client without a certificate cannot own containers; connect with one (check owner)",
};

/** @returns why a container with the owner's label does not count as the owner's; null: it does */
async function imageProblem({ image }: FoundContainer, engine: EngineLookup): Promise<RuleVerdict | null> {
  const labels = await engine.inspectImage(image);
  if (labels === null)
    return {
      check: "owner",
      refuse: "its image is gone, so its owner cannot be verified; ask an admin to remove it (check owner)",
    };
  return Object.hasOwn(labels, OWNER_LABEL)
    ? {
        check: "owner",
        refuse: `its image also has the label ${OWNER_LABEL}; use an image without it (check owner)`,
      }
    : null;
}

/** @returns the target, or that no such container exists: somebody else's is answered in the same way */
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

/** @returns the same for an exec, whose container decides */
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

/** Keeps the owner's containers of a list. @param limit how many at most; 0: all */
export function ownOfList(owner: string, limit: number): Answer {
  const isMine = (value: unknown): boolean =>
    (value as { Labels?: Record<string, unknown> | null } | null)?.Labels?.[OWNER_LABEL] === owner;
  const show = (value: unknown): unknown => {
    const own = Array.isArray(value) ? value.filter(isMine) : [];
    return limit > 0 ? own.slice(0, limit) : own;
  };
  return { mark: { verdict: "in part", why: "own containers", show, fields: null }, lines: false };
}
