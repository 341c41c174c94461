/** Decides whether a role may make a call; the only function of roles that the data path calls. */
import type { OperationCall } from "../engine/index.ts";
import { explainBuilder } from "./buildx-builder.ts";
import { refusesFilters } from "./costly-filters.ts";
import type { Decision } from "./decision.ts";
import type { Role } from "./roles/compile.ts";
import { refuseCall } from "./roles/rule.ts";

/**
 * Decides a call by its operation. Called for every request: a look into a map, and at filters.
 * @param call what `findOperation` has found; null is allowed to `admin` only
 */
export function decide(role: Role, call: OperationCall | null): Decision {
  const decision = call && role.decisions.get(call.operation);
  if (!decision) return role.unknown;
  const costly = role.admin || decision.allow === false ? null : refusesFilters(call);
  if (costly !== null) return refuseCall(role.name, call.operation.name, `${role.name}-filters`, costly);
  return explainBuilder(decision, call, role);
}
