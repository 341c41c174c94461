/** The probes from outside, of all targets at once. */

import {
  DEFAULT_PORTS,
  type EndpointReport,
  isSameHost,
  type NamedHost,
  type PlannedEndpoint,
  type PlannedPort,
  planEndpoints,
  portsFoundInside,
  portsThatStartDocker,
  type SurveyItem,
} from "../../doctor/index.ts";
import { isAddress } from "../../engine/index.ts";
import type { LineCallers } from "../probe/index.ts";
import type { InsideLook } from "./look-inside.ts";
import type { VisitPorts } from "./ports.ts";
import type { Target } from "./target.ts";

/** A target with everything that its probes need. */
export interface Prepared {
  readonly target: Target;
  readonly look: InsideLook;
  readonly callers: LineCallers;
}

const RESOLVE_MS = 5_000;

async function resolve(ports: VisitPorts, serverName: string): Promise<NamedHost> {
  const targets = await ports.outside.resolve({ host: serverName, port: 1 }, RESOLVE_MS);
  return { serverName, addresses: targets.map(({ endpoint }) => endpoint.host) };
}

async function hostsOf(ports: VisitPorts, { target, look }: Prepared): Promise<NamedHost[]> {
  if (target.host !== null) return [await resolve(ports, target.host)];
  const addresses = look.inside?.facts.addresses ?? [];
  return (addresses.length > 0 ? addresses : ["127.0.0.1"]).map((address) => ({
    serverName: address,
    addresses: [address],
  }));
}

/**
 * Other addresses of the line: those its certificate was made for, and those at which its proof met the host's key. The
 * same host, if it shows the same certificate there.
 */
function otherHosts({ target: { line, only } }: Prepared, known: readonly NamedHost[]): NamedHost[] {
  const taken = new Set(known.flatMap(({ addresses }) => addresses));
  if (!line || only !== null) return [];
  const named = line.addresses.map((address) => ({ serverName: address, addresses: [address] }));
  const reached = line.host.reachedAt.map((address) => ({ serverName: line.address, addresses: [address] }));
  return [...named, ...reached].filter(
    ({ addresses: [address = ""] }) => isAddress(address) && !taken.has(address),
  );
}

function requestedPorts({ target: { line, only }, look }: Prepared, more: readonly number[]): PlannedPort[] {
  const as = (why: EndpointReport["why"], ports: readonly number[]) => ports.map((port) => ({ port, why }));
  const own = line ? as("line", [line.port]) : [];
  // A line belongs to a named endpoint only if its port is the same.
  if (only !== null) return [...own, ...as("named", [only, ...more])];
  const inside = look.inside ? portsFoundInside(look.inside) : [];
  return [...own, ...as("named", more), ...as("default", DEFAULT_PORTS), ...as("inside", inside)];
}

/** Without those where the probe itself would start docker: the look from inside tells what they are. */
function portsOf(prepared: Prepared, more: readonly number[]): PlannedPort[] {
  const { inside } = prepared.look;
  const asleep = new Set(inside ? portsThatStartDocker(inside) : []);
  return requestedPorts(prepared, more).filter(({ port }) => !asleep.has(port));
}

function itemsOf(planned: readonly PlannedEndpoint[], { callers }: Prepared): SurveyItem[] {
  return planned.map((one) => ({ planned: one, credentials: callers.credentials }));
}

/** Endpoints in two waves: elsewhere only the line's port, until that shows whose host it is. */
async function planOf(ports: VisitPorts, prepared: Prepared, more: readonly number[]) {
  const hosts = await hostsOf(ports, prepared);
  const others = otherHosts(prepared, hosts);
  const planned = portsOf(prepared, more);
  const linePort = planned.filter(({ why }) => why === "line");
  return {
    first: [...planEndpoints(hosts, planned), ...planEndpoints(others, linePort)],
    second: planEndpoints(
      others,
      planned.filter(({ port }) => !linePort.some((line) => line.port === port)),
    ),
    others: new Set(others.flatMap(({ addresses }) => addresses)),
  };
}

/** Surveys the endpoints of all targets together. @returns grouped again as they were given */
async function surveyAll(
  { outside, signal, report }: VisitPorts,
  groups: readonly (readonly SurveyItem[])[],
): Promise<EndpointReport[][]> {
  const onProgress = (done: number, of: number) => report({ kind: "probing", done, of });
  const reports = (await outside.survey(groups.flat(), { signal, onProgress })).values();
  return groups.map((group) => group.flatMap(() => reports.next().value ?? []));
}

/** Leaves out the addresses at which something else than the line's host answers. */
function ofThisHost(reports: readonly EndpointReport[], others: ReadonlySet<string>): EndpointReport[] {
  const own = reports.filter(({ endpoint }) => !others.has(endpoint.host));
  return reports.filter((one) => own.includes(one) || own.some((ours) => isSameHost(ours, one)));
}

/**
 * Looks at every endpoint of every target, a bounded number at a time.
 * @param more ports that the user named
 * @returns the reports of each target, in their order
 */
export async function lookOutside(
  ports: VisitPorts,
  all: readonly Prepared[],
  more: readonly number[],
): Promise<EndpointReport[][]> {
  const plans = await Promise.all(
    all.map(async (prepared) => ({ prepared, plan: await planOf(ports, prepared, more) })),
  );
  const firstItems = plans.map(({ prepared, plan }) => itemsOf(plan.first, prepared));
  const first = (await surveyAll(ports, firstItems)).map((reports, at) =>
    ofThisHost(reports, plans[at]?.plan.others ?? new Set()),
  );
  const secondItems = plans.map(({ prepared, plan }, at) => {
    const ours = new Set(first[at]?.map(({ endpoint }) => endpoint.host));
    return itemsOf(
      plan.second.filter(({ endpoint }) => ours.has(endpoint.host)),
      prepared,
    );
  });
  const second = await surveyAll(ports, secondItems);
  return first.map((reports, at) => [...reports, ...(second[at] ?? [])]);
}
