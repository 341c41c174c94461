/** `tetherdock up`: from a host with docker to a line that is proven. */
import { checkNames, type Prepared, up as runUp, type UpTarget } from "../../app/up/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { isEmpty, parseDestination } from "../../host/index.ts";
import type { Context } from "../context.ts";
import { openHost } from "../host/open-host.ts";
import { createStyle } from "../output/style.ts";
import { upPorts } from "./ports.ts";
import { renderPlan, titleOf } from "./render-plan.ts";
import { reportUp } from "./report-up.ts";
import type { UpFlags } from "./up-flags.ts";

function targetOf(flags: UpFlags, destination: string | undefined): UpTarget {
  if (flags.local !== (destination === undefined))
    throw new TetherdockError("USAGE", flags.local ? "--local takes no host" : "which host?", {
      hints: ["tetherdock up user@host", "tetherdock up --local"],
    });
  if (flags.gateway && flags.native)
    throw new TetherdockError("USAGE", "--gateway and --native are two different modes", {
      hints: ["tetherdock up … --gateway", "tetherdock up … --native"],
    });
  return destination === undefined ? null : parseDestination(destination);
}

function showPlan({ stdout, terminal }: Context, json: boolean, prepared: Prepared): void {
  const { plan, line } = prepared;
  if (json) {
    stdout.json({ line, plan });
    return;
  }
  const title = titleOf(prepared);
  const style = createStyle(terminal.colour.stdout);
  stdout.lines(isEmpty(plan) ? [title, "nothing to do"] : renderPlan(plan, title, style));
}

/** Runs `up`. */
export async function up(this: Context, flags: UpFlags, destination?: string): Promise<void> {
  const startedAt = this.clock();
  const target = targetOf(flags, destination);
  checkNames(flags);
  const host = await openHost(this, target?.text ?? null);
  try {
    const result = await runUp(upPorts(this, flags), flags, target, host);
    if (result.kind === "planned") return showPlan(this, flags.json, result.prepared);
    reportUp(this, { flags, ...result, tookMs: this.clock() - startedAt });
  } finally {
    await host.shell.close();
  }
}
