/** What can be told of a line without the network: shared by `ls` and `status`. */

import { type LineContext, listLineContexts } from "../../app/lines/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { formatEndpoint } from "../../engine/index.ts";
import { type Line, lineEndpoint } from "../../line/index.ts";
import type { Context } from "../context.ts";
import { daysOf, daysProblem } from "./certificate-days.ts";

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

function problemsOf(summary: Omit<LineSummary, "problems">, exposed: readonly string[]): string[] {
  const stale = summary.contexts.filter(({ state }) => state === "stale");
  return [
    daysProblem("client", summary.clientDays),
    daysProblem("CA", summary.caDays),
    ...exposed.map((path) => `others on this machine can read a private key: chmod 600 ${path}`),
    ...stale.map(({ name }) => `the docker context "${name}" is stale: tetherdock context refresh`),
  ].filter((problem) => problem !== undefined);
}

async function summarise(context: Context, name: string, all: readonly LineContext[]): Promise<LineSummary> {
  const line = await context.lines.read(name);
  const [client, ca, exposed] = await Promise.all([
    context.lines.readFile(name, "docker/cert.pem"),
    context.lines.readFile(name, "docker/ca.pem"),
    context.lines.exposedKeys(name),
  ]);
  const now = context.clock();
  const summary = {
    line,
    address: formatEndpoint(lineEndpoint(line)),
    clientDays: daysOf(client, now),
    caDays: daysOf(ca, now),
    contexts: all.filter((each) => each.line === name),
  };
  return { ...summary, problems: problemsOf(summary, exposed) };
}

/** Summarises lines; one that cannot be read does not hide the others. */
export async function summariseLines(context: Context, names: readonly string[]): Promise<Summarised[]> {
  const contexts = await listLineContexts(context);
  return Promise.all(
    names.map(async (name) => {
      try {
        return { name, summary: await summarise(context, name, contexts) };
      } catch (error) {
        if (error instanceof TetherdockError) return { name, error };
        throw error;
      }
    }),
  );
}

/** The contexts of a line for a table cell: `vps *` is current, `vps (stale)` needs a refresh. */
export function formatContexts(contexts: readonly LineContext[]): string {
  const cells = contexts.map(
    ({ name, state, current }) => `${name}${current ? " *" : ""}${state === "stale" ? " (stale)" : ""}`,
  );
  return cells.join(", ") || "-";
}
