/** `tetherdock context ls`. */

import { listLineContexts } from "../../app/lines/index.ts";
import type { Context } from "../context.ts";
import { tellLeftOut } from "../lines/tell-left-out.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import type { LsFlags } from "./flags.ts";

/** Prints the contexts that carry our mark; others are the docker CLI's to list. */
export async function contextLs(this: Context, flags: LsFlags): Promise<void> {
  const found = await listLineContexts(this, tellLeftOut(this));
  if (flags.json) {
    const rows = found.map((each) => ({ ...each, host: each.host ?? null, line: each.line ?? null }));
    this.stdout.json(rows);
    return;
  }
  if (found.length === 0) {
    this.stderr.line("no context yet; to make one: tetherdock context create");
    return;
  }
  const rows = found.map(({ name, line, host, state, current }) => [
    current ? `${name} *` : name,
    line ?? "-",
    host ?? "-",
    state,
  ]);
  this.stdout.lines(renderTable(["NAME", "LINE", "HOST", "STATE"], rows, tableWidth(this.terminal)));
  if (found.some(({ state }) => state === "stale"))
    this.stderr.line("to update stale contexts: tetherdock context refresh");
}
