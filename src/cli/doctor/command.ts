/** `tetherdock doctor`: finds out what is really exposed, and how to fix it. */
import { fix, type Visited, doctor as visit } from "../../app/doctor/index.ts";
import { catalogue, TetherdockError } from "../../base/index.ts";
import { renderHuman, renderJson, renderSarif, worst } from "../../doctor/index.ts";
import type { Context } from "../context.ts";
import { worstStatus } from "../many-hosts/worst-status.ts";
import { tableWidth } from "../output/render-table.ts";
import { createStyle } from "../output/style.ts";
import { VERSION } from "../version.ts";
import type { DoctorFlags } from "./doctor-flags.ts";
import { exitStatusOf } from "./exit-status.ts";
import { visitMany } from "./many.ts";
import { fixPorts } from "./ports.ts";
import { withProgress } from "./progress.ts";
import { renderSummary } from "./summary.ts";

const INTERRUPTED = catalogue.INTERRUPTED.exit;

function checkFlags(flags: DoctorFlags): void {
  const machine = flags.json || flags.sarif;
  if (flags.json && flags.sarif)
    throw new TetherdockError("USAGE", "--json and --sarif cannot be used together", {
      hints: ["use one of them"],
    });
  if (flags.fix && machine)
    throw new TetherdockError("USAGE", "--fix shows a plan and asks: it has no machine-readable output", {
      hints: ["tetherdock doctor --json", "tetherdock up user@host --yes --json"],
    });
}

/** Reports, and what has none. */
function render(context: Context, { json, sarif, all }: DoctorFlags, visited: readonly Visited[]): string {
  const { terminal } = context;
  const reports = visited.flatMap((one) => ("report" in one ? [one.report] : []));
  const failures = visited.flatMap((one) => ("error" in one ? [one] : []));
  if (json) return renderJson(reports, VERSION, failures);
  if (sarif) return renderSarif(reports, VERSION, failures);
  const options = { paint: createStyle(terminal.colour.stdout), width: terminal.columns, all };
  const texts = reports.map((report) => renderHuman(report, options));
  if (visited.length > 1) texts.push(`${renderSummary(visited, tableWidth(terminal)).join("\n")}\n`);
  return texts.join("\n");
}

/** One after the other, and each may ask; what prevents inspecting one is the command's failure. */
async function visitNamed(
  context: Context,
  flags: DoctorFlags,
  words: readonly string[],
): Promise<Visited[]> {
  const { ssh, local, port = [] } = flags;
  const reports = await withProgress(context, (ports) => visit(ports, { words, local, ssh, ports: port }));
  return reports.map((report) => ({ name: report.subject.name, word: report.subject.name, report }));
}

const statusOf = (one: Visited): number =>
  "error" in one ? one.error.exitStatus : exitStatusOf(worst(one.report.results));

/** Prints the reports; the exit status is that of the worst finding. With `--fix`, `up` fixes what it can. */
export async function doctor(this: Context, flags: DoctorFlags, ...words: string[]): Promise<void> {
  checkFlags(flags);
  const isMany = flags.allLines || flags.fleet !== undefined || flags.atOnce !== undefined;
  const visited = await (isMany ? visitMany : visitNamed)(this, flags, words);
  this.stdout.page(render(this, flags, visited));
  const status = worstStatus(visited.map(statusOf));
  this.setExitStatus(status);
  if (!flags.fix || status === INTERRUPTED) return;
  await fix(
    fixPorts(this),
    visited.flatMap((one) => ("report" in one ? [one.report] : [])),
  );
}
