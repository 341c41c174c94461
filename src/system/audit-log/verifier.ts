/** Verifies the audit log in a folder, even while it is being written. */
import { setTimeout as wait } from "node:timers/promises";
import {
  AUDIT_PARTS,
  type AuditPart,
  type AuditVerification,
  type ChainVerification,
  type FileReport,
  verifyChain,
  verifyLog,
} from "../../audit/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { listAuditFiles, walkAuditFile } from "./lines.ts";

/** A block and its seal are one write, but a reader may briefly see only half of it. */
const SETTLE_MS = 50;
const SETTLE_TRIES = 10;

/** @returns undefined when the part has no files */
async function verifyPart(
  directory: string,
  part: AuditPart,
  onSeal: (seal: string) => void,
): Promise<ChainVerification | undefined> {
  const reports: FileReport[] = [];
  const numbers = await listAuditFiles(directory, part);
  for (const number of numbers) {
    let report = await walkAuditFile(directory, part, number, onSeal);
    for (
      let tries = 0;
      report && report.tail.bytes > 0 && number === numbers.at(-1) && tries < SETTLE_TRIES;
      tries++
    ) {
      await wait(SETTLE_MS);
      report = await walkAuditFile(directory, part, number, onSeal);
    }
    // The file was rotated away while we read, so all files before it are gone too.
    if (report) reports.push(report);
    else reports.length = 0;
  }
  const [first, ...others] = reports;
  return first && verifyChain([first, ...others]);
}

/**
 * @param expectedSeal hex; must be one of the seals
 * @throws AUDIT_NONE when the folder holds no audit log; FILE_FAILED
 */
export async function verifyAudit(directory: string, expectedSeal?: string): Promise<AuditVerification> {
  let found = false;
  const onSeal = (seal: string): void => {
    if (seal === expectedSeal) found = true;
  };
  const chains: ChainVerification[] = [];
  for (const part of AUDIT_PARTS) {
    const chain = await verifyPart(directory, part, onSeal);
    if (chain) chains.push(chain);
  }
  if (chains.length === 0) throw new TetherdockError("AUDIT_NONE", `there is no audit log in ${directory}`);
  return verifyLog(chains, expectedSeal === undefined ? undefined : { seal: expectedSeal, found });
}
