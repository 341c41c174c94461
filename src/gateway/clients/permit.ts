/** Whether a request may go on: checks the client first, then the gateway's own state, then the role. */
import type { OperationCall } from "../../engine/index.ts";
import { type Decision, decide } from "../../policy/index.ts";
import type { AdminCallKind } from "../admin-port.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { Authorization } from "./authorization.ts";
import { type ConnectionRule, refusalText } from "./refusal-text.ts";

function refuse(rule: ConnectionRule): Decision {
  return { allow: false, rule, reason: refusalText(rule) };
}

/**
 * @param call null: not a known operation
 * @param adminCall which call of the admin API; null: the request is for docker
 */
export function permit(
  context: GatewayContext,
  { admission, role, blocked }: Authorization,
  call: OperationCall | null,
  adminCall: AdminCallKind | null,
): Decision {
  if (!admission.admitted) return refuse(admission.rule);
  if (blocked !== null) return refuse(blocked);
  if (role === null) return refuse("unknown-role");
  if (context.audit.failure !== null && !context.goOnWithoutAudit) return refuse("audit-unwritable");
  if (adminCall === null) return decide(role, call);
  return role.admin || adminCall === "self"
    ? { allow: true, rule: role.name, answer: null }
    : refuse("admin-only");
}
