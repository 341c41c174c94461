/** Which log is meant: a line's, through its gateway, or one in a folder here. */
import { TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";

/** Where a gateway's log is on its host (docs/audit.md). */
const HOST_DIRECTORY = "/var/log/tetherdock-gateway";

/** A folder here, or the line that was meant; `line` undefined: $TETHERDOCK_LINE or the only one. */
export type AuditPlace =
  | { readonly directory: string }
  | { readonly directory?: never; readonly line: string | undefined };

/**
 * A line if one is named or there is any, for that is a laptop; else the host's own log.
 * @throws USAGE when both are named
 */
export async function findAuditPlace(
  context: Context,
  directory: string | undefined,
  line: string | undefined,
): Promise<AuditPlace> {
  if (directory !== undefined && line !== undefined)
    throw new TetherdockError(
      "USAGE",
      "--directory reads a log on this machine; a line's log is on its host",
      {
        hints: [`tetherdock audit --directory ${directory}`, `tetherdock audit ${line}`],
      },
    );
  if (directory !== undefined) return { directory };
  const isLaptop =
    line !== undefined || context.env["TETHERDOCK_LINE"] || (await context.lines.list()).length > 0;
  return isLaptop ? { line } : { directory: HOST_DIRECTORY };
}
