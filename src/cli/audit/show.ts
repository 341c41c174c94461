/** `tetherdock audit`: who did what. */
import { json } from "../../base/index.ts";
import { readGatewayLines } from "../../system/api/gateway-client.ts";
import { readAudit } from "../../system/audit-log/reader.ts";
import { gatewayAccess } from "../api/gateway-access.ts";
import type { Context } from "../context.ts";
import { jsonTime } from "../output/json-time.ts";
import { createStyle } from "../output/style.ts";
import { findAuditPlace } from "./audit-place.ts";
import type { Since } from "./parse-since.ts";
import { renderRecord } from "./render-record.ts";

/** Options of `audit`. */
export interface AuditFlags {
  readonly follow: boolean;
  readonly client: string | undefined;
  readonly since: Since | undefined;
  readonly json: boolean;
  readonly directory: string | undefined;
}

async function open(
  context: Context,
  flags: AuditFlags,
  word: string | undefined,
): Promise<AsyncIterable<string>> {
  const { follow, client } = flags;
  const sinceMs = flags.since?.(context.clock);
  const place = await findAuditPlace(context, flags.directory, word);
  const signal = context.stdout.closed;
  if (place.directory !== undefined) return readAudit(place.directory, { follow, client, sinceMs, signal });
  const query = new URLSearchParams({
    ...(sinceMs !== undefined && { since: `${sinceMs}` }),
    ...(client !== undefined && { client }),
    ...(follow && { follow: "1" }),
  });
  return readGatewayLines(await gatewayAccess(context, place.line), {
    method: "GET",
    path: `audit?${query}`,
    signal,
  });
}

/** A record begins with its time, in milliseconds; a line that does not is passed on as it is. */
function withJsonTime(line: string): string {
  return line.replace(/^\{"time":(\d{1,15})(?=[,}])/, (_, ms) => `{"time":"${jsonTime(Number(ms))}"`);
}

/** Prints records, oldest first; with `--follow` until Ctrl-C, or until nobody reads them. */
export async function audit(this: Context, flags: AuditFlags, word?: string): Promise<void> {
  const style = createStyle(this.terminal.colour.stdout);
  try {
    for await (const line of await open(this, flags, word)) {
      this.stdout.line(flags.json ? json.safeLine(withJsonTime(line)) : renderRecord(line, style));
      await this.stdout.drained();
    }
  } catch (error) {
    if (!this.stdout.closed.aborted) throw error;
  }
}
