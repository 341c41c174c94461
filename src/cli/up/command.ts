/** `tetherdock up`: sets a host up, and proves the line. */
import { type Prepared, up as runUp } from "../../app/up/index.ts";
import { isEmpty } from "../../host/index.ts";
import type { Context } from "../context.ts";
import { createStyle } from "../output/style.ts";
import type { UpFlags } from "./flags.ts";
import { upPorts } from "./ports.ts";
import { renderPlan, titleOf } from "./render-plan.ts";
import { reportUp } from "./report-up.ts";

/** The plan of a dry run. */
export function showPlan({ stdout, terminal }: Context, json: boolean, prepared: Prepared): void {
  const { plan, line } = prepared;
  if (json) {
    stdout.json({ line, plan });
    return;
  }
  const style = createStyle(terminal.colour.stdout);
  const width = terminal.stdout ? terminal.columns : Number.POSITIVE_INFINITY;
  stdout.lines(
    isEmpty(plan) ? [titleOf(prepared), "nothing to do"] : renderPlan(plan, prepared, { style, width }),
  );
}

/** Runs `up`. */
export async function up(this: Context, flags: UpFlags, destination?: string): Promise<void> {
  const startedAt = this.clock();
  const result = await runUp(upPorts(this, flags), { ...flags, destination });
  if (result.kind === "planned") return showPlan(this, flags.json, result.prepared);
  reportUp(this, { flags, ...result, tookMs: this.clock() - startedAt });
}
