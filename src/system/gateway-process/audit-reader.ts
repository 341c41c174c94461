/** Reads and verifies the audit log for the admin API. */
import type { AuditReader } from "../../gateway/index.ts";
import { copyableBytes, copyableFiles } from "../audit-copy/copyable.ts";
import { readAudit } from "../audit-log/reader.ts";
import { verifyAudit } from "../audit-log/verifier.ts";

export function auditReader(directory: string): AuditReader {
  return {
    files: () => copyableFiles(directory),
    bytes: (name, from) => copyableBytes(directory, name, from),
    read: ({ sinceMs, client, key, follow, signal }) =>
      readAudit(directory, {
        ...(sinceMs !== null && { sinceMs }),
        ...(client !== null && { client }),
        ...(key !== null && { key }),
        follow,
        signal,
      }),
    verify: (expectedSeal) => verifyAudit(directory, expectedSeal ?? undefined),
  };
}
