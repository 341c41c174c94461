/** `tetherdock doctor`: finds out what is really exposed, and how to fix it. */
import { fix, doctor as visit } from "../../app/doctor/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { type Report, renderHuman, renderJson, renderSarif, worst } from "../../doctor/index.ts";
import type { Context } from "../context.ts";
import { createStyle } from "../output/style.ts";
import { VERSION } from "../version.ts";
import type { DoctorFlags } from "./doctor-flags.ts";
import { exitStatusOf } from "./exit-status.ts";
import { fixPorts } from "./ports.ts";
import { withProgress } from "./progress.ts";

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

function render(
  { terminal }: Context,
  { json, sarif, all }: DoctorFlags,
  reports: readonly Report[],
): string {
  if (json) return renderJson(reports, VERSION);
  if (sarif) return renderSarif(reports, VERSION);
  const options = { paint: createStyle(terminal.colour.stdout), width: terminal.columns, all };
  return reports.map((report) => renderHuman(report, options)).join("\n");
}

/** Prints the reports; the exit status is that of the worst finding. With `--fix`, `up` fixes what it can. */
export async function doctor(this: Context, flags: DoctorFlags, ...words: string[]): Promise<void> {
  checkFlags(flags);
  const { ssh, local, port = [] } = flags;
  const reports = await withProgress(this, (ports) => visit(ports, { words, local, ssh, ports: port }));
  this.stdout.page(render(this, flags, reports));
  this.setExitStatus(exitStatusOf(worst(reports.flatMap(({ results }) => results))));
  if (flags.fix) await fix(fixPorts(this), reports);
}
