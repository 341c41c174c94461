/** The ports of `audit`, made from the world of a command. */
import { lstat } from "node:fs/promises";
import { type AuditPorts, newestTime } from "../../app/audit/index.ts";
import { copyableBytes, copyableFiles } from "../../system/audit-copy/copyable.ts";
import { readAudit } from "../../system/audit-log/reader.ts";
import { verifyAudit } from "../../system/audit-log/verifier.ts";
import { errorCodeOf } from "../../system/files/file-error.ts";
import { pause } from "../../system/fleet-process/pause.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { FOLLOWED_AGAIN, warnStopped } from "./following.ts";

export function auditPorts(context: Context): AuditPorts {
  return {
    ...gatewayPorts(context),
    folder: (path) => ({
      records: (query) => readAudit(path, query),
      verify: (seal) => verifyAudit(path, seal),
      newest: () =>
        newestTime({
          files: () => copyableFiles(path),
          bytes: async (name, from) => (await copyableBytes(path, name, from))?.bytes ?? null,
        }),
    }),
    clock: context.clock,
    pause,
    onFollowed(error) {
      if (error === null) context.stderr.line(FOLLOWED_AGAIN);
      else warnStopped(context, error);
    },
    isThere: (path) =>
      lstat(path).then(
        () => true,
        (error: unknown) => errorCodeOf(error) !== "ENOENT",
      ),
  };
}
