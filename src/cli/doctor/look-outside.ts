/** The look from outside at all patients at once. */
import { isIP } from "node:net";
import type { LineCallers } from "../../app/probe/index.ts";
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
} from "../../doctor/index.ts";
import { resolveEndpoint } from "../../system/probing/resolve-endpoint.ts";
import { SURVEY_LIMITS, type SurveyItem, survey } from "../../system/probing/survey/survey.ts";
import type { Context } from "../context.ts";
import type { InsideLook } from "./look-inside.ts";
import type { Patient } from "./patient.ts";

/** A patient with all that is needed to probe. */
export interface Prepared {
  readonly patient: Patient;
  readonly look: InsideLook;
  readonly callers: LineCallers;
}

const RESOLVE_MS = 5_000;

async function resolve(serverName: string): Promise<NamedHost> {
  const targets = await resolveEndpoint({ host: serverName, port: 1 }, RESOLVE_MS);
  return { serverName, addresses: targets.map(({ endpoint }) => endpoint.host) };
}

async function hostsOf({ patient, look }: Prepared): Promise<NamedHost[]> {
  if (patient.host !== null) return [await resolve(patient.host)];
  const addresses = look.inside?.facts.addresses ?? [];
  return (addresses.length > 0 ? addresses : ["127.0.0.1"]).map((address) => ({
    serverName: patient.line?.address ?? address,
    addresses: [address],
  }));
}

/**
 * Other addresses of the line: those its certificate was made for, and those at which its proof met the host's key. The
 * same host, if it shows the same certificate there.
 */
function otherHosts({ patient: { line, only } }: Prepared, known: readonly NamedHost[]): NamedHost[] {
  const taken = new Set(known.flatMap(({ addresses }) => addresses));
  if (!line || only !== null) return [];
  const named = line.addresses.map((address) => ({ serverName: address, addresses: [address] }));
  const reached = line.host.reachedAt.map((address) => ({ serverName: line.address, addresses: [address] }));
  return [...named, ...reached].filter(
    ({ addresses: [address = ""] }) => isIP(address) !== 0 && !taken.has(address),
  );
}

function wishedPorts({ patient: { line, only }, look }: Prepared, more: readonly number[]): PlannedPort[] {
  const as = (why: EndpointReport["why"], ports: readonly number[]) => ports.map((port) => ({ port, why }));
  const own = line ? as("line", [line.port]) : [];
  if (only !== null) return [...own.filter(({ port }) => port === only), ...as("named", [only, ...more])];
  const inside = look.inside ? portsFoundInside(look.inside) : [];
  return [...own, ...as("named", more), ...as("default", DEFAULT_PORTS), ...as("inside", inside)];
}

/** Without those where the probe itself would start docker: the look from inside tells what they are. */
function portsOf(prepared: Prepared, more: readonly number[]): PlannedPort[] {
  const { inside } = prepared.look;
  const asleep = new Set(inside ? portsThatStartDocker(inside) : []);
  return wishedPorts(prepared, more).filter(({ port }) => !asleep.has(port));
}

function itemsOf(planned: readonly PlannedEndpoint[], { callers }: Prepared): SurveyItem[] {
  return planned.map((one) => ({ planned: one, credentials: callers.credentials }));
}

/** Endpoints in two waves: elsewhere only the line's port, until that shows whose host it is. */
async function planOf(prepared: Prepared, more: readonly number[]) {
  const hosts = await hostsOf(prepared);
  const others = otherHosts(prepared, hosts);
  const ports = portsOf(prepared, more);
  const linePort = ports.filter(({ why }) => why === "line");
  return {
    first: [...planEndpoints(hosts, ports), ...planEndpoints(others, linePort)],
    second: planEndpoints(
      others,
      ports.filter(({ port }) => !linePort.some((line) => line.port === port)),
    ),
    others: new Set(others.flatMap(({ addresses }) => addresses)),
  };
}

/** Where `onProgress` tells how far it is. */
export type Progress = (done: number, of: number) => void;

/** Surveys the endpoints of all patients together. @returns grouped again as they were given */
async function surveyAll(
  groups: readonly (readonly SurveyItem[])[],
  options: Parameters<typeof survey>[1],
): Promise<EndpointReport[][]> {
  const reports = (await survey(groups.flat(), options)).values();
  return groups.map((group) => group.flatMap(() => reports.next().value ?? []));
}

/** Leaves out the addresses at which something else than the line's host answers. */
function ofThisHost(reports: readonly EndpointReport[], others: ReadonlySet<string>): EndpointReport[] {
  const own = reports.filter(({ endpoint }) => !others.has(endpoint.host));
  return reports.filter((one) => own.includes(one) || own.some((ours) => isSameHost(ours, one)));
}

/**
 * Looks at every endpoint of every patient, a bounded number at a time.
 * @param more ports that the user named
 * @returns the reports of each patient, in their order
 */
export async function lookOutside(
  context: Context,
  all: readonly Prepared[],
  { more, onProgress }: { readonly more: readonly number[]; readonly onProgress: Progress },
): Promise<EndpointReport[][]> {
  const options = { ...SURVEY_LIMITS, signal: context.signal, onProgress };
  const plans = await Promise.all(
    all.map(async (prepared) => ({ prepared, plan: await planOf(prepared, more) })),
  );
  const firstItems = plans.map(({ prepared, plan }) => itemsOf(plan.first, prepared));
  const first = (await surveyAll(firstItems, options)).map((reports, at) =>
    ofThisHost(reports, plans[at]?.plan.others ?? new Set()),
  );
  const secondItems = plans.map(({ prepared, plan }, at) => {
    const ours = new Set(first[at]?.map(({ endpoint }) => endpoint.host));
    return itemsOf(
      plan.second.filter(({ endpoint }) => ours.has(endpoint.host)),
      prepared,
    );
  });
  const second = await surveyAll(secondItems, options);
  return first.map((reports, at) => [...reports, ...(second[at] ?? [])]);
}
