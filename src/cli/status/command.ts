/** `tetherdock status`: every line's engine is asked, all at once. */
import { pickLine } from "../../app/lines/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { describeObservation } from "../../engine/index.ts";
import { lineEndpoint } from "../../line/index.ts";
import { type EngineVersionResult, engineVersion } from "../../system/probing/engine-client.ts";
import type { Context } from "../context.ts";
import { daysOf, daysProblem, formatDays } from "../lines/certificate-days.ts";
import { type LineSummary, type Summarised, summariseLines } from "../lines/line-summary.ts";
import { during } from "../output/activity.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import { createStyle } from "../output/style.ts";

/** Options of `status`. */
export interface StatusFlags {
  readonly json: boolean;
}

const HEAD = ["NAME", "MODE", "ADDRESS", "ENGINE", "API", "CLIENT", "SERVER", "CA"];

// A sleeping laptop's first packet over a phone takes seconds; nobody waits longer for a list.
const PROBE_MS = 8_000;

interface LineStatus {
  readonly name: string;
  readonly summary: LineSummary | undefined;
  readonly engine: EngineVersionResult | undefined;
  readonly serverDays: number | undefined;
  readonly problems: readonly string[];
}

/** Tells how every line, or the one named, is; exit status 1 when something is not well. */
export async function status(this: Context, flags: StatusFlags, argument?: string): Promise<void> {
  const names = argument === undefined ? await this.lines.list() : [await pickLine(this, argument)];
  // With no line at all there is nothing that could be well.
  if (names.length === 0) await pickLine(this, undefined);
  const lines = await during(this, "asking the engines", async () =>
    Promise.all((await summariseLines(this, names)).map((each) => ask(this, each))),
  );
  if (lines.some(({ problems }) => problems.length > 0)) this.setExitStatus(1);
  if (flags.json) {
    this.stdout.json(lines.map(toJson));
    return;
  }
  this.stdout.lines(renderTable(HEAD, lines.map(toRow), tableWidth(this.terminal)));
  const warning = createStyle(this.terminal.colour.stderr).yellow("warning:");
  for (const { name, problems } of lines)
    for (const problem of problems) this.stderr.line(`${warning} ${name}: ${problem}`);
}

async function ask(context: Context, each: Summarised): Promise<LineStatus> {
  if ("error" in each) return failed(each.name, undefined, each.error);
  const { name, summary } = each;
  try {
    const engine = await probe(context, summary);
    const serverDays =
      engine.ok && engine.tls ? daysOf(engine.tls.certificatePem, context.clock()) : undefined;
    const seen = engine.ok
      ? daysProblem("server's", serverDays)
      : `${summary.address} does not answer as it should: ${describeObservation(engine.seen)}`;
    const problems = seen === undefined ? summary.problems : [seen, ...summary.problems];
    return { name, summary, engine, serverDays, problems };
  } catch (error) {
    if (error instanceof TetherdockError) return failed(name, summary, error);
    throw error;
  }
}

function failed(name: string, summary: LineSummary | undefined, error: TetherdockError): LineStatus {
  const problems = [error.message, ...error.why, ...(summary?.problems ?? [])];
  return { name, summary, engine: undefined, serverDays: undefined, problems };
}

async function probe(context: Context, { line }: LineSummary): Promise<EngineVersionResult> {
  const [caPem, certPem, keyPem] = await Promise.all([
    context.lines.readFile(line.name, "docker/ca.pem"),
    context.lines.readFile(line.name, "docker/cert.pem"),
    context.lines.readFile(line.name, "docker/key.pem"),
  ]);
  return engineVersion(lineEndpoint(line), { kind: "tls", caPem, identity: { certPem, keyPem } }, PROBE_MS);
}

function toRow({ name, summary, engine, serverDays }: LineStatus): string[] {
  if (!summary) return [name, "-", "-", "broken", "-", "-", "-", "-"];
  const { line, address, clientDays, caDays } = summary;
  const [version, api, server] = engine?.ok
    ? [engine.engine.version, engine.engine.apiVersion, formatDays(serverDays)]
    : ["unreachable", "-", "-"];
  return [name, line.mode, address, version, api, formatDays(clientDays), server, formatDays(caDays)];
}

function toJson({ name, summary, engine, serverDays, problems }: LineStatus): Record<string, unknown> {
  return {
    name,
    ok: problems.length === 0,
    reachable: engine?.ok ?? false,
    mode: summary?.line.mode ?? null,
    address: summary?.line.address ?? null,
    port: summary?.line.port ?? null,
    engine: engine?.ok ? engine.engine : null,
    days: {
      client: summary?.clientDays ?? null,
      server: serverDays ?? null,
      ca: summary?.caDays ?? null,
    },
    problems,
  };
}
