/** Decides whether a role may make a call; the only function of roles that the data path calls. */
import type { OperationCall } from "../engine/index.ts";
import { explainBuilder } from "./buildx-builder.ts";
import { refusesFilters } from "./costly-filters.ts";
import type { Decision, Deny, Judge } from "./decision.ts";
import type { Role } from "./roles/compile.ts";
import { refuseCall } from "./roles/rule.ts";

/** What a judge says goes before: it mostly knows better why. */
function refusedAfter(decision: Decision, denied: Deny): Decision {
  if (decision.allow !== null) return denied;
  const judge: Judge["judge"] = async (...asked) => {
    const verdict = await decision.judge(...asked);
    return verdict.allow ? denied : verdict;
  };
  return { ...decision, judge };
}

/**
 * Decides a call by its operation. Called for every request: a look into a map, and at filters.
 * @param call what `findOperation` has found; null is allowed to `admin` only
 */
export function decide(role: Role, call: OperationCall | null): Decision {
  const decision = call && role.decisions.get(call.operation);
  if (!decision) return role.unknown;
  const why = role.admin || decision.allow === false ? null : refusesFilters(call);
  const decided =
    why === null
      ? decision
      : refusedAfter(decision, refuseCall(role.name, call.operation.name, `${role.name}-filters`, why));
  return explainBuilder(decided, call, role);
}
