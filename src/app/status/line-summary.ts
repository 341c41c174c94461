/** What is known of a line without the network, for `ls` and `status`. */
import { type Clock, shellJoin, TetherdockError } from "../../base/index.ts";
import { formatEndpoint } from "../../engine/index.ts";
import { type Line, lineEndpoint, readValidity } from "../../line/index.ts";
import { caEnding, caWindow, type LineContext, type LinePorts, listLineContexts } from "../lines/index.ts";
import { daysOf, daysProblem, fewDaysOf } from "./certificate-days.ts";

/** A line that cannot be read has a row of its own. */
const ignore = () => undefined;

/** Where lines are kept, and the time. */
export interface SummaryPorts extends LinePorts {
  readonly clock: Clock;
}

/** One line, read whole. */
export interface LineSummary {
  readonly line: Line;
  readonly address: string;
  /** Whole days; undefined: unreadable. */
  readonly clientDays: number | undefined;
  readonly caDays: number | undefined;
  readonly contexts: readonly LineContext[];
  readonly problems: readonly string[];
}

/** A line, or why it cannot be read. */
export type Summarised =
  | { readonly name: string; readonly summary: LineSummary }
  | { readonly name: string; readonly error: TetherdockError };

function problemsOf(
  summary: Omit<LineSummary, "problems">,
  exposed: readonly string[],
  clientProblem: string | undefined,
  caProblem: string | undefined,
): string[] {
  const stale = summary.contexts.filter(({ state }) => state === "stale");
  return [
    clientProblem,
    caProblem,
    ...exposed.map(
      (path) => `others on this machine can read a private key: ${shellJoin(["chmod", "600", path])}`,
    ),
    ...stale.map(({ name }) => `the docker context "${name}" is stale: tetherdock context refresh`),
  ].filter((problem) => problem !== undefined);
}

function clientProblemOf(line: Line, client: string, now: number): string | undefined {
  if ((readValidity(client)?.notBefore ?? now) > now)
    return `the client certificate is not valid yet: this machine's clock is wrong, or was: ${shellJoin(["tetherdock", "doctor", line.name])}`;
  return daysProblem("client", daysOf(client, now), line.job ? 0 : fewDaysOf(client));
}

function caProblemOf(line: Line, ca: string, now: number): string | undefined {
  const validity = readValidity(ca);
  return validity === undefined
    ? "the CA certificate cannot be read"
    : caEnding(line, validity, caWindow(line), now);
}

async function summarise(
  { lines, clock }: SummaryPorts,
  name: string,
  all: readonly LineContext[],
): Promise<LineSummary> {
  const line = await lines.read(name);
  const [client, ca, exposed] = await Promise.all([
    lines.readFile(name, "docker/cert.pem"),
    lines.readFile(name, "docker/ca.pem"),
    lines.exposedKeys(name),
  ]);
  const now = clock();
  const summary = {
    line,
    address: formatEndpoint(lineEndpoint(line)),
    clientDays: daysOf(client, now),
    caDays: daysOf(ca, now),
    contexts: all.filter((each) => each.line === name),
  };
  const problem = clientProblemOf(line, client, now);
  return { ...summary, problems: problemsOf(summary, exposed, problem, caProblemOf(line, ca, now)) };
}

/** Summarises lines; one that cannot be read does not hide the others. */
export async function summariseLines(ports: SummaryPorts, names: readonly string[]): Promise<Summarised[]> {
  const contexts = await listLineContexts(ports, ignore);
  return Promise.all(
    names.map(async (name) => {
      try {
        return { name, summary: await summarise(ports, name, contexts) };
      } catch (error) {
        if (error instanceof TetherdockError) return { name, error };
        throw error;
      }
    }),
  );
}
