/** `tetherdock audit fetch`: copies a host's log to this machine. */
import { type Fetched, fetchLog, overLine, problemTexts } from "../../app/audit/index.ts";
import { counted, HOUR_MS, TetherdockError } from "../../base/index.ts";
import { logCopy } from "../../system/audit-copy/log-copy.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { formatBytes } from "../output/format-bytes.ts";
import { type FetchFlags, lineOf } from "./flags.ts";

/** A host that gives its log as slowly as it may would keep a timer's job running for days. */
const FETCH_MS = HOUR_MS;

/** @returns what was added: `2 files, 1.3 MiB` */
export const addedText = ({ files, bytes, more, noRoom }: Fetched): string =>
  `${counted(files, "file")}, ${formatBytes(bytes)}${more && !noRoom ? "; there is more: run it again" : ""}`;

/** @throws AUDIT_BROKEN; FILE_FAILED: the disk has no room for it */
export async function auditFetch(this: Context, flags: FetchFlags, argument?: string): Promise<void> {
  const copy = logCopy(flags.directory);
  const ask = overLine(gatewayPorts(this), lineOf(flags.line, argument));
  const end = this.clock() + FETCH_MS;
  const fetched = await fetchLog(ask, copy, { isOver: () => this.clock() > end });
  if (flags.json) {
    this.stdout.json({ directory: copy.path, ...fetched });
    this.setExitStatus(fetched.noRoom?.exitStatus ?? (fetched.problems.length === 0 ? 0 : 1));
    return;
  }
  this.stdout.line(`added to ${copy.path}: ${addedText(fetched)}`);
  if (fetched.problems.length > 0)
    throw new TetherdockError("AUDIT_BROKEN", "the host's log does not continue its copy", {
      why: problemTexts(fetched.problems),
    });
  if (fetched.noRoom !== null) throw fetched.noRoom;
}
