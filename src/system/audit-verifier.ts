/** Verifies the audit log in a folder, while it may be written. */
import { setTimeout as wait } from "node:timers/promises";
import { type AuditVerification, type FileReport, verifyChain } from "../audit/index.ts";
import { TetherdockError } from "../base/index.ts";
import { listAuditFiles, walkAuditFile } from "./audit-lines.ts";

/** A block and its seal are one write, which a reader can see in two halves: but not for long. */
const SETTLE_MS = 50;
const SETTLE_TRIES = 10;

/**
 * @param expectedSeal hex: must be among the seals
 * @throws AUDIT_NONE when the folder holds no audit log; FILE_FAILED
 */
export async function verifyAudit(directory: string, expectedSeal?: string): Promise<AuditVerification> {
  let found = false;
  const onSeal = (seal: string): void => {
    if (seal === expectedSeal) found = true;
  };
  const reports: FileReport[] = [];
  const numbers = await listAuditFiles(directory);
  for (const number of numbers) {
    let report = await walkAuditFile(directory, number, onSeal);
    for (
      let tries = 0;
      report && report.tail.bytes > 0 && number === numbers.at(-1) && tries < SETTLE_TRIES;
      tries++
    ) {
      await wait(SETTLE_MS);
      report = await walkAuditFile(directory, number, onSeal);
    }
    // Went while we read, as the oldest do: then all before it went too.
    if (report) reports.push(report);
    else reports.length = 0;
  }
  const [first, ...others] = reports;
  if (!first) throw new TetherdockError("AUDIT_NONE", `there is no audit log in ${directory}`);
  return verifyChain(
    [first, ...others],
    expectedSeal === undefined ? undefined : { seal: expectedSeal, found },
  );
}
