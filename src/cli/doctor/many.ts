/** `tetherdock doctor` about many hosts: progress on stderr, and a summary after the reports. */
import { doctorMany, type ManyPorts, type Visited } from "../../app/doctor/index.ts";
import { shellJoin, type TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { during } from "../output/activity.ts";
import { reportError } from "../output/report-error.ts";
import { createStyle } from "../output/style.ts";
import type { DoctorFlags } from "./doctor-flags.ts";
import { silentVisitPorts } from "./ports.ts";
import { withProgress } from "./progress.ts";
import { verdictOf } from "./summary.ts";

/** If the user does not say. */
const AT_ONCE = 8;

const isInterrupted = (one: Visited): one is Visited & { readonly error: TetherdockError } =>
  "error" in one && one.error.code === "INTERRUPTED";

/** A line for each host as it is done, with the whole of a failure below it. */
function tell({ stderr, terminal }: Context, one: Visited, done: number, of: number): void {
  if (isInterrupted(one)) return;
  const style = createStyle(terminal.colour.stderr);
  stderr.line(`${style.bold(one.name)}: ${verdictOf(one)} (${done} of ${of})`);
  if ("error" in one) stderr.lines(reportError(one.error, style).lines);
}

/** The command that goes on where this one was interrupted. */
function tellRest({ stderr }: Context, all: readonly Visited[], atOnce: number): void {
  const rest = all.filter(isInterrupted);
  if (rest.length === 0) return;
  stderr.line(`not examined: ${rest.map(({ name }) => name).join(", ")}`);
  const command = ["tetherdock", "doctor", ...rest.map(({ word }) => word), "--at-once", `${atOnce}`];
  stderr.line(`try: ${shellJoin(command)}`);
}

/** @returns what was found at each, in their order @throws what {@link doctorMany} throws */
export async function visitMany(
  context: Context,
  flags: DoctorFlags,
  words: readonly string[],
): Promise<Visited[]> {
  const { ssh, local, port = [], allLines, fleet, atOnce = AT_ONCE } = flags;
  const request = { words, local, ssh, ports: port, allLines, fleet, atOnce };
  const visited: ManyPorts["visited"] = (one, done, of) => tell(context, one, done, of);
  const all = await (atOnce === 1
    ? withProgress(context, (ports) => doctorMany({ ...ports, visited }, request))
    : during(context, `inspecting hosts, ${atOnce} at a time`, () =>
        doctorMany({ ...silentVisitPorts(context), visited }, request),
      ));
  tellRest(context, all, atOnce);
  return all;
}
