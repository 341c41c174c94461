/** A whole visit: from the arguments to the subjects of the checks. */
import { TetherdockError } from "../../base/index.ts";
import type { EndpointReport, Subject, UnreadFleet } from "../../doctor/index.ts";
import type { OperatedFleet } from "../../fleet/index.ts";
import { lineEndpoint, wayTo } from "../../line/index.ts";
import { lineCallers } from "../probe/index.ts";
import { lookInside } from "./look-inside.ts";
import { lookOutside, type Prepared } from "./look-outside.ts";
import type { VisitPorts } from "./ports.ts";
import type { VisitRequest } from "./request.ts";
import { findTargets, type Target } from "./target.ts";

async function prepare(ports: VisitPorts, target: Target, { ssh }: VisitRequest): Promise<Prepared> {
  if (ssh !== false && target.way !== undefined) ports.report({ kind: "inspecting", target: target.name });
  const look = await lookInside(ports, target, ssh);
  return { target, look, callers: await lineCallers(ports.lines, target.line, ports.clock()) };
}

/** Those that this machine operates, and what of them is broken: that stops no other check. */
interface Fleets {
  readonly read: readonly OperatedFleet[];
  readonly unread: readonly UnreadFleet[];
}

async function orUnread<T>(where: string, work: () => Promise<T>): Promise<T | UnreadFleet> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
    return { where, evidence: [error.message, ...error.why], fix: error.hints };
  }
}

/** Each is verified as a whole, so once for all lines. */
async function readFleets({ fleets }: VisitPorts, all: readonly Prepared[]): Promise<Fleets> {
  if (!all.some(({ target: { line } }) => line?.mode === "gateway")) return { read: [], unread: [] };
  const names = await orUnread("fleets", () => fleets.list());
  if ("where" in names) return { read: [], unread: [names] };
  const tried = await Promise.all(names.map((name) => orUnread(`fleet ${name}`, () => fleets.read(name))));
  return {
    read: tried.filter((one) => "kept" in one),
    unread: tried.filter((one) => "where" in one),
  };
}

/** The lists that name the host of a line. */
const listsWith = ({ read, unread }: Fleets, host: string) => ({
  fleets: read
    .filter(({ kept }) => kept.view.list.hosts.some(({ name }) => name === host))
    .map(({ name, kept }) => ({ name, version: kept.view.version })),
  ...(unread.length > 0 && { unreadFleets: unread }),
});

async function lineOf(
  { lines, waiting }: VisitPorts,
  fleets: Fleets,
  { target: { line }, callers: { own, noCaKey } }: Prepared,
  endpoints: readonly EndpointReport[],
): Promise<Subject["line"]> {
  if (!line || !own) return null;
  const answers = line.mode === "gateway" && endpoints.some(({ engine }) => engine !== undefined);
  return {
    name: line.name,
    endpoint: lineEndpoint(line),
    mode: line.mode,
    ...own,
    exposedKeys: await lines.exposedKeys(line.name),
    ...(line.mode === "gateway" ? listsWith(fleets, line.name) : { fleets: [] }),
    waiting: answers ? await waiting(line.name) : [],
    ...(noCaKey !== undefined && { noCaKey }),
  };
}

async function subjectOf(
  ports: VisitPorts,
  fleets: Fleets,
  prepared: Prepared,
  endpoints: readonly EndpointReport[],
): Promise<Subject> {
  const { target, look } = prepared;
  const upTarget = target.line ? wayTo(target.line) : target.way;
  return {
    name: target.name,
    ...(upTarget !== undefined && { upTarget }),
    now: ports.clock(),
    endpoints,
    inside: look.inside,
    insideMissing: look.missing,
    line: await lineOf(ports, fleets, prepared, endpoints),
  };
}

/**
 * Inspects every target from inside, one after the other since ssh and sudo may ask, and then all from outside.
 * @returns one subject a target, in their order
 * @throws whatever prevents looking at all; a host that does not answer is a finding
 */
export async function examine(ports: VisitPorts, request: VisitRequest): Promise<Subject[]> {
  const all: Prepared[] = [];
  for (const target of await findTargets(ports, request)) all.push(await prepare(ports, target, request));
  const fleets = await readFleets(ports, all);
  const reports = await lookOutside(ports, all, request.ports);
  return Promise.all(all.map((prepared, at) => subjectOf(ports, fleets, prepared, reports[at] ?? [])));
}
