/** `tetherdock audit`: shows who did what. */
import { showRecords } from "../../app/audit/index.ts";
import { json } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { jsonTime } from "../output/json-time.ts";
import { createStyle } from "../output/style.ts";
import { lineOf, type ShowFlags } from "./flags.ts";
import { auditPorts } from "./ports.ts";
import { renderRecord } from "./render-record.ts";

/** A record begins with its time, in milliseconds; a line that does not is passed on as it is. */
export function withJsonTime(line: string): string {
  return line.replace(/^\{"time":(\d{1,15})(?=[,}])/, (_, ms) => `{"time":"${jsonTime(Number(ms))}"`);
}

/** Prints records, oldest first; with `--follow` until Ctrl-C, or until nobody reads them. */
export async function audit(this: Context, flags: ShowFlags, argument?: string): Promise<void> {
  const style = createStyle(this.terminal.colour.stdout);
  const { follow, client, directory: folder } = flags;
  const line = lineOf(flags.line, argument);
  const query = { follow, client, sinceMs: flags.since?.(this.clock), signal: this.stdout.closed };
  try {
    for await (const record of showRecords(auditPorts(this), { folder, line }, query)) {
      this.stdout.line(flags.json ? json.safeLine(withJsonTime(record)) : renderRecord(record, style));
      await this.stdout.drained();
    }
  } catch (error) {
    if (!this.stdout.closed.aborted) throw error;
  }
}
