/** Verifies the audit log in a folder, while it may be written. */
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

/** A block and its seal are one write, which a reader can see in two halves: but not for long. */
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
    // Went while we read, as the oldest do: then all before it went too.
    if (report) reports.push(report);
    else reports.length = 0;
  }
  const [first, ...others] = reports;
  return first && verifyChain([first, ...others]);
}

/**
 * @param expectedSeal hex: must be among the seals
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
