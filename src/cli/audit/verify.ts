/** `tetherdock audit verify`: verifies that the log is intact. */
import { requireIntact, verifyRecords } from "../../app/audit/index.ts";
import type { AuditVerification } from "../../audit/index.ts";
import type { Context } from "../context.ts";
import { jsonTime } from "../output/json-time.ts";
import { lineOf, type VerifyFlags } from "./flags.ts";
import { auditPorts } from "./ports.ts";
import { renderVerification } from "./render-verification.ts";

function partForJson({ begins, ...part }: AuditVerification["parts"][number]) {
  return { ...part, begins: begins === null ? null : jsonTime(begins) };
}

export const verificationJson = (found: AuditVerification): object => ({
  ...found,
  parts: found.parts.map(partForJson),
});

/** Prints what holds, and the seal to keep elsewhere. @throws AUDIT_BROKEN */
export async function auditVerify(this: Context, flags: VerifyFlags, argument?: string): Promise<void> {
  const place = { folder: flags.directory, line: lineOf(flags.line, argument) };
  const found = await verifyRecords(auditPorts(this), place, flags.expectSeal);
  if (flags.json) {
    this.stdout.json(verificationJson(found));
    this.setExitStatus(found.ok ? 0 : 1);
    return;
  }
  requireIntact(found);
  this.stdout.lines(renderVerification(found));
}
