/** Which part of the audit log a permitted request belongs to. */
import type { AuditPart } from "../../audit/index.ts";
import type { Operation } from "../../engine/index.ts";
import { compileRole } from "../../policy/index.ts";
import { isLocalTarget } from "../local-api.ts";
import type { RequestRecord } from "./request-record.ts";

/**
 * What a viewer may do at most. An admin's other reads, of a container's files or of secrets, are kept with the actions:
 * they tell more, and no viewer can push them out.
 */
const READS: ReadonlySet<Operation> = new Set(
  [...compileRole({ name: "viewer", logs: true }).decisions]
    .filter(([, { allow }]) => allow)
    .map(([operation]) => operation),
);

/** What is not known to be a read counts as an action. */
export function auditPartOf({ call, method, target }: RequestRecord): AuditPart {
  const isRead = call === null ? method === "GET" && isLocalTarget(target) : READS.has(call.operation);
  return isRead ? "reads" : "actions";
}
