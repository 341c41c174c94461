/** `tetherdock doctor`: what is really exposed, and how to mend it. */
import { TetherdockError } from "../../base/index.ts";
import {
  CHECKS,
  type Report,
  renderHuman,
  renderJson,
  renderSarif,
  runChecks,
  worst,
} from "../../doctor/index.ts";
import type { Context } from "../context.ts";
import { createStyle } from "../output/style.ts";
import { VERSION } from "../version.ts";
import type { DoctorFlags } from "./doctor-flags.ts";
import { examine } from "./examine.ts";
import { exitStatusOf } from "./exit-status.ts";
import { fix } from "./fix.ts";
import { findPatients } from "./patient.ts";
import { createProgress } from "./progress.ts";

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

async function visit(context: Context, flags: DoctorFlags, words: readonly string[]): Promise<Report[]> {
  const progress = createProgress(context);
  try {
    const patients = await findPatients(context, words, flags.local);
    const subjects = await examine(context, patients, {
      ssh: flags.ssh,
      ports: flags.port ?? [],
      onProgress: progress.show,
    });
    return subjects.map((subject) => ({ subject, results: runChecks(CHECKS, subject) }));
  } finally {
    progress.clear();
  }
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

/** Looks and tells; the exit status is that of the worst finding. With `--fix`, hands to `up` what it may mend. */
export async function doctor(this: Context, flags: DoctorFlags, ...words: string[]): Promise<void> {
  checkFlags(flags);
  const reports = await visit(this, flags, words);
  this.stdout.page(render(this, flags, reports));
  this.setExitStatus(exitStatusOf(worst(reports.flatMap(({ results }) => results))));
  if (flags.fix) await fix(this, reports);
}
