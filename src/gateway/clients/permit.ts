/** Whether a request may go on: the client first, the gateway's own state next, the role last. */
import type { OperationCall } from "../../engine/index.ts";
import { type Decision, decide } from "../../policy/index.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { type ConnectionRule, refusalText } from "./refusal-text.ts";
import type { Standing } from "./standing.ts";

function refuse(rule: ConnectionRule): Decision {
  return { allow: false, rule, reason: refusalText(rule) };
}

/**
 * @param call null: no operation that is known
 * @param local whether the gateway itself is asked
 */
export function permit(
  context: GatewayContext,
  { admission, role, barred }: Standing,
  call: OperationCall | null,
  local: boolean,
): Decision {
  if (!admission.admitted) return refuse(admission.rule);
  if (barred !== null) return refuse(barred);
  if (role === null) return refuse("unknown-role");
  if (context.audit.failure !== null && !context.goOnWithoutAudit) return refuse("audit-unwritable");
  if (!local) return decide(role, call);
  return role.admin ? { allow: true, rule: role.name, answer: null } : refuse("admin-only");
}
