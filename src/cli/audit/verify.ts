/** `tetherdock audit verify`: is the log intact? */
import type { AuditVerification } from "../../audit/index.ts";
import { quoteForeign, TetherdockError } from "../../base/index.ts";
import { verifyAudit } from "../../system/audit-log/verifier.ts";
import { readVerification } from "../api/answers.ts";
import { callLine } from "../api/gateway-access.ts";
import type { Context } from "../context.ts";
import { jsonTime } from "../output/json-time.ts";
import { findAuditPlace } from "./audit-place.ts";
import { renderVerification } from "./render-verification.ts";

/** Options of `audit verify`. */
export interface AuditVerifyFlags {
  readonly directory: string | undefined;
  readonly expectSeal: string | undefined;
  readonly json: boolean;
}

/** A gigabyte is read and hashed before the gateway answers, beside its work. */
const ANSWER_MS = 5 * 60_000;

async function verify(
  context: Context,
  { directory, expectSeal }: AuditVerifyFlags,
  word: string | undefined,
): Promise<AuditVerification> {
  const place = await findAuditPlace(context, directory, word);
  if (place.directory !== undefined) return verifyAudit(place.directory, expectSeal);
  const path = `audit/verify${expectSeal === undefined ? "" : `?seal=${expectSeal}`}`;
  return callLine(context, place.line, { method: "GET", path, answerMs: ANSWER_MS }, readVerification);
}

function partForJson({ begins, ...part }: AuditVerification["parts"][number]) {
  return { ...part, begins: begins === null ? null : jsonTime(begins) };
}

function broken({ problems }: AuditVerification): TetherdockError {
  return new TetherdockError("AUDIT_BROKEN", "audit log verification failed", {
    why: problems.map(
      ({ file, line, what }) =>
        `${quoteForeign(file)}${line === null ? "" : `, line ${line}`}: ${quoteForeign(what)}`,
    ),
  });
}

/** Prints what holds, and the seal to keep elsewhere. @throws AUDIT_BROKEN */
export async function auditVerify(this: Context, flags: AuditVerifyFlags, word?: string): Promise<void> {
  const found = await verify(this, flags, word);
  if (flags.json) {
    this.stdout.json({ ...found, parts: found.parts.map(partForJson) });
    this.setExitStatus(found.ok ? 0 : 1);
    return;
  }
  if (!found.ok) throw broken(found);
  this.stdout.lines(renderVerification(found));
}
