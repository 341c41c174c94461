/** `tetherdock ls`: lists the lines of this machine. */

import { type Summarised, summariseLines } from "../../app/status/index.ts";
import type { Context } from "../context.ts";
import { formatContexts, formatDays } from "../lines/render-line.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import { warn } from "../output/warn.ts";
import type { LsFlags } from "./flags.ts";

const HEAD = ["NAME", "MODE", "ADDRESS", "CLIENT", "CA", "CONTEXT"];

/** Lists the lines; exit status 1 when one of them cannot be read. */
export async function ls(this: Context, flags: LsFlags): Promise<void> {
  const names = await this.lines.list();
  if (flags.quiet) return printNames(this, names, flags);
  const preferred = await this.lines.preferred();
  const lines = await summariseLines(this, names);
  if (lines.some((each) => "error" in each)) this.setExitStatus(1);
  if (flags.json) {
    this.stdout.json(lines.map((each) => toJson(each, preferred)));
    return;
  }
  if (lines.length === 0) {
    this.stderr.line("no line yet; to set one up: tetherdock up user@host");
    return;
  }
  this.stdout.lines(
    renderTable(
      HEAD,
      lines.map((each) => toRow(each, preferred)),
      tableWidth(this.terminal),
    ),
  );
  for (const each of lines) {
    const problems = "error" in each ? [each.error.message, ...each.error.why] : each.summary.problems;
    for (const problem of problems) warn(this, `${each.name}: ${problem}`);
  }
}

function printNames({ stdout }: Context, names: readonly string[], { json }: LsFlags): void {
  if (json) stdout.json(names);
  else stdout.lines(names);
}

/** `vps *` is the default line. */
function toRow(each: Summarised, preferred: string | undefined): string[] {
  const name = each.name === preferred ? `${each.name} *` : each.name;
  if ("error" in each) return [name, "broken", "-", "-", "-", "-"];
  const { line, address, clientDays, caDays, contexts } = each.summary;
  return [name, line.mode, address, formatDays(clientDays), formatDays(caDays), formatContexts(contexts)];
}

function toJson(each: Summarised, preferred: string | undefined): Record<string, unknown> {
  if ("error" in each) return { name: each.name, ...each.error.toJSON() };
  const { line, clientDays, caDays, contexts, problems } = each.summary;
  const days = { client: clientDays ?? null, ca: caDays ?? null };
  return {
    ...line,
    default: each.name === preferred,
    days,
    contexts: contexts.map(({ name, state, current }) => ({ name, state, current })),
    problems,
  };
}
