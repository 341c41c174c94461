/** A whole visit: from the arguments to the subjects of the checks. */
import type { EndpointReport, Subject } from "../../doctor/index.ts";
import { lineEndpoint, wayTo } from "../../line/index.ts";
import { lineCallers } from "../probe/index.ts";
import { type Fleets, listsWith, mayBeInFleet, readFleets } from "./fleets-here.ts";
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

const NONE: Fleets = { read: [], unread: [] };

/**
 * Inspects one target of several, each on its own.
 * @param fleets called if it may be in one
 * @throws as {@link examine}
 */
export async function examineOne(
  ports: VisitPorts,
  request: VisitRequest,
  target: Target,
  fleets: () => Promise<Fleets>,
): Promise<Subject> {
  const prepared = await prepare(ports, target, request);
  const [reports = []] = await lookOutside(ports, [prepared], request.ports);
  return subjectOf(ports, mayBeInFleet(target) ? await fleets() : NONE, prepared, reports);
}

/**
 * Inspects every target from inside, one after the other since ssh and sudo may ask, and then all from outside.
 * @returns one subject a target, in their order
 * @throws whatever prevents looking at all; a host that does not answer is a finding
 */
export async function examine(ports: VisitPorts, request: VisitRequest): Promise<Subject[]> {
  const all: Prepared[] = [];
  for (const target of await findTargets(ports, request)) all.push(await prepare(ports, target, request));
  const fleets = all.some(({ target }) => mayBeInFleet(target)) ? await readFleets(ports) : NONE;
  const reports = await lookOutside(ports, all, request.ports);
  return Promise.all(all.map((prepared, at) => subjectOf(ports, fleets, prepared, reports[at] ?? [])));
}
