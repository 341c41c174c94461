/** The ports of `audit`, made from the world of a command. */
import { lstat } from "node:fs/promises";
import type { AuditPorts } from "../../app/audit/index.ts";
import { readAudit } from "../../system/audit-log/reader.ts";
import { verifyAudit } from "../../system/audit-log/verifier.ts";
import { errorCodeOf } from "../../system/files/file-error.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";

export function auditPorts(context: Context): AuditPorts {
  return {
    ...gatewayPorts(context),
    folder: (path) => ({
      records: (query) => readAudit(path, query),
      verify: (seal) => verifyAudit(path, seal),
    }),
    isThere: (path) =>
      lstat(path).then(
        () => true,
        (error: unknown) => errorCodeOf(error) !== "ENOENT",
      ),
  };
}
