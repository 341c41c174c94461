/** Which part of the audit log a permitted request belongs to. */
import type { AuditPart } from "../../audit/index.ts";
import type { Operation } from "../../engine/index.ts";
import { compileRole, DEFAULT_ROLE, widestRole } from "../../policy/index.ts";
import { isAdminTarget } from "../admin-port.ts";
import type { RequestRecord } from "./request-record.ts";

/**
 * What the least powerful role allows with its widest options. Reads that only other roles allow, such as of a
 * container's files or of secrets, are kept with the actions: they tell more, and nobody with the least role can push
 * them out.
 */
const READS: ReadonlySet<Operation> = new Set(
  [...compileRole(widestRole(DEFAULT_ROLE)).decisions]
    .filter(([, { allow }]) => allow)
    .map(([operation]) => operation),
);

/** Anything not known to be a read counts as an action. */
export function auditPartOf({ call, method, target, grpc }: RequestRecord): AuditPart {
  if (grpc) return grpc.writes ? "actions" : "reads";
  const isRead = call === null ? method === "GET" && isAdminTarget(target) : READS.has(call.operation);
  return isRead ? "reads" : "actions";
}
