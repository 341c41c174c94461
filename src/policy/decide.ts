/** Decides whether a role may make a call; the only function of roles that the data path calls. */
import type { OperationCall } from "../engine/index.ts";
import { explainBuilder } from "./buildx-builder.ts";
import type { Decision } from "./decision.ts";
import type { Role } from "./roles/compile.ts";

/**
 * Decides a call by its operation. Called for every request: a look into a map.
 * @param call what `findOperation` has found; null is allowed to `admin` only
 */
export function decide(role: Role, call: OperationCall | null): Decision {
  const decision = call && role.decisions.get(call.operation);
  return decision ? explainBuilder(decision, call, role) : role.unknown;
}
