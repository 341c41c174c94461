/** `audit`: who did what, and whether the log still says what was written. */
import type { AuditVerification } from "../../audit/index.ts";
import { quoteForeign, TetherdockError } from "../../base/index.ts";
import { type AuditPlace, findSource } from "./find-source.ts";
import type { AuditPorts, RecordQuery } from "./ports.ts";

/** @returns records as JSON, oldest first @throws USAGE, LINE_…, and what a {@link RecordSource} throws */
export async function* showRecords(
  ports: AuditPorts,
  place: AuditPlace,
  query: RecordQuery,
): AsyncGenerator<string> {
  yield* (await findSource(ports, place)).records(query);
}

/** @param seal of an earlier verification; the log must hold it */
export async function verifyRecords(
  ports: AuditPorts,
  place: AuditPlace,
  seal: string | undefined,
): Promise<AuditVerification> {
  return (await findSource(ports, place)).verify(seal);
}

/** @throws AUDIT_BROKEN */
export function requireIntact({ ok, problems }: AuditVerification): void {
  if (ok) return;
  throw new TetherdockError("AUDIT_BROKEN", "audit log verification failed", {
    why: problems.map(
      ({ file, line, what }) =>
        `${quoteForeign(file)}${line === null ? "" : `, line ${line}`}: ${quoteForeign(what)}`,
    ),
  });
}
