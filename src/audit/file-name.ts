/** Names of audit files. They have numbers, because their order must not depend on clocks. */
import { AUDIT_PARTS, type AuditPart } from "./part.ts";

/** Actions keep the name that all files had before the log had parts, so that an old log continues. */
const PREFIXES: Readonly<Record<AuditPart, string>> = {
  actions: "audit",
  reads: "reads",
  refusals: "refusals",
};

/** @param number from 1 */
export function auditFileName(number: number, part: AuditPart = "actions"): string {
  return `${PREFIXES[part]}-${String(number).padStart(8, "0")}.jsonl`;
}

/** @returns undefined if this is not the name of an audit file of this part */
export function auditFileNumber(name: string, part: AuditPart = "actions"): number | undefined {
  const number = Number(/-(\d{8,12})\.jsonl$/.exec(name)?.[1]);
  return number >= 1 && auditFileName(number, part) === name ? number : undefined;
}

/** @returns whether this is the name of an audit file of any part */
export const isAuditFileName = (name: string): boolean =>
  AUDIT_PARTS.some((part) => auditFileNumber(name, part) !== undefined);
