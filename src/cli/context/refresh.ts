/** `tetherdock context refresh`. */

import { listLineContexts, pickLine, writeLineContext } from "../../app/lines/index.ts";
import { TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";

/** Rewrites stale copies, of one line or of all; prints the names of what it rewrote. */
export async function contextRefresh(this: Context, _flags: object, argument?: string): Promise<void> {
  const wanted = argument === undefined ? undefined : await pickLine(this, argument);
  const found = (await listLineContexts(this)).filter(({ line }) => wanted === undefined || line === wanted);
  if (wanted !== undefined && found.length === 0) {
    throw new TetherdockError("CONTEXT_UNKNOWN", `the line "${wanted}" has no docker context`, {
      hints: [`tetherdock context create ${wanted}`],
    });
  }
  for (const { name, line, state } of found) {
    if (line !== undefined && state === "stale") {
      await writeLineContext(this, name, await this.lines.read(line));
      this.stdout.line(`${name}`);
    }
    if (state === "orphan")
      this.stderr.line(`the line of "${name}" is gone; to remove it: tetherdock context rm ${name}`);
  }
  if (!found.some(({ state }) => state === "stale")) this.stderr.line("nothing to refresh");
}
