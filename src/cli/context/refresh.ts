/** `tetherdock context refresh`. */
import { refreshContexts } from "../../app/contexts/index.ts";
import { shellJoin } from "../../base/index.ts";
import type { Context } from "../context.ts";

/** Rewrites stale copies, of one line or of all; prints the names of what it rewrote. */
export async function contextRefresh(this: Context, _flags: object, argument?: string): Promise<void> {
  const { renewed, orphans } = await refreshContexts(this, argument);
  for (const name of renewed) this.stdout.line(name);
  for (const name of orphans)
    this.stderr.line(
      `the line of "${name}" is gone; to remove it: ${shellJoin(["tetherdock", "context", "rm", name])}`,
    );
  if (renewed.length === 0) this.stderr.line("nothing to refresh");
}
