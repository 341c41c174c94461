/** `tetherdock down`: restores the host, and forgets the line. */
import { type DownResult, down as runDown } from "../../app/down/index.ts";
import type { Context } from "../context.ts";
import { createStyle } from "../output/style.ts";
import { tellFailure } from "../output/tell-failure.ts";
import type { DownFlags } from "./flags.ts";
import { downPorts } from "./ports.ts";
import { renderDown } from "./render-down.ts";

function asJson({ dryRun, plan, laptop }: DownResult): unknown {
  return dryRun
    ? { undone: null, plan, forgot: null, contexts: [] }
    : { undone: plan, plan, forgot: laptop?.line ?? null, contexts: laptop?.contexts ?? [] };
}

/** Runs `down`. */
export async function down(this: Context, flags: DownFlags, argument?: string): Promise<void> {
  const result = await runDown(downPorts(this, flags), { ...flags, argument });
  const { stdout, stderr, terminal } = this;
  if (flags.json) stdout.json(asJson(result));
  // A plan that was asked for is the answer; else it was told on the way.
  else if (result.dryRun) stdout.lines(renderDown(result, createStyle(terminal.colour.stdout)));
  else if (result.laptop)
    stderr.line(
      `line ${result.laptop.line} is ${result.hostStays ? "forgotten; the host was not changed" : "down and forgotten"}`,
    );
  else if (result.plan) stderr.line("the host is as it was before up");
  if (result.refused) tellFailure(this, result.refused);
}
