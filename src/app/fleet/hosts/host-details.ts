/** What `fleet status` says of a host besides its list: gateway, engine, certificate, and how far its audit log is ahead of the copy. */
import { isAuditFileName } from "../../../audit/index.ts";
import { TetherdockError } from "../../../base/index.ts";
import { describeObservation } from "../../../engine/index.ts";
import { callLine, readLogFiles, readStatus } from "../../gateway-api/index.ts";
import { askEngineOf, daysOf, daysProblem, type StatusPorts } from "../../status/index.ts";
import { type FleetAuditPorts, orError } from "../audit/fleet-audit.ts";
import type { FleetStatus } from "../fleet-status.ts";
import { eachAtOnce } from "../push-list.ts";

export interface DetailPorts extends FleetAuditPorts, Pick<StatusPorts, "askEngine"> {}

/** null: the host does not say. */
export interface HostDetails {
  /** Version of its gateway. */
  readonly gateway: string | null;
  /** Version of its engine. */
  readonly engine: string | null;
  /** Whole days until the certificate ends that it shows. */
  readonly certificateDays: number | null;
  /** Bytes of its audit log that are not on this machine yet. */
  readonly auditBehind: number | null;
  readonly problems: readonly string[];
}

const HOST_MS = 20_000;

async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TetherdockError) return null;
    throw error;
  }
}

async function auditBehind(ports: FleetAuditPorts, fleet: string, host: string): Promise<number> {
  const call = { method: "GET", path: "audit/files", answerMs: HOST_MS } as const;
  const { files } = await callLine(ports, host, call, readLogFiles);
  const copied = await ports.auditCopy(fleet, host).sizes();
  const missing = files.map(({ name, bytes }) =>
    isAuditFileName(name) ? Math.max(0, bytes - (copied.get(name) ?? 0)) : 0,
  );
  return missing.reduce((sum, one) => sum + one, 0);
}

/** The gateway answers, so an engine that does not is a problem of the engine. */
async function engineOf(
  ports: DetailPorts,
  host: string,
): Promise<Pick<HostDetails, "engine" | "certificateDays" | "problems">> {
  const failed = (why: string) => ({ engine: null, certificateDays: null, problems: [why] });
  const asked = await orError(async () => askEngineOf(ports, await ports.lines.read(host)));
  if ("error" in asked) return failed(asked.error.message);
  if (!asked.ok) return failed(`its engine does not answer as it should: ${describeObservation(asked.seen)}`);
  const days = asked.tls ? daysOf(asked.tls.certificatePem, ports.clock()) : undefined;
  const few = daysProblem("server's", days);
  return {
    engine: asked.engine.version,
    certificateDays: days ?? null,
    problems: few === undefined ? [] : [few],
  };
}

async function detailsOf(ports: DetailPorts, fleet: string, host: string): Promise<HostDetails> {
  const call = { method: "GET", path: "status", answerMs: HOST_MS } as const;
  const [status, engine, behind] = await Promise.all([
    orNull(() => callLine(ports, host, call, readStatus)),
    engineOf(ports, host),
    orNull(() => auditBehind(ports, fleet, host)),
  ]);
  return { ...engine, gateway: status?.version ?? null, auditBehind: behind };
}

/** @returns by host, of those that their line has just reached */
export async function hostDetails(
  ports: DetailPorts,
  { fleet, hosts }: FleetStatus,
): Promise<ReadonlyMap<string, HostDetails>> {
  const reached = hosts.filter((one) => "fleet" in one).map(({ host }) => host);
  const found = await eachAtOnce(reached, async (host) => detailsOf(ports, fleet.name, host));
  return new Map(reached.flatMap((host, at) => (found[at] ? [[host, found[at]] as const] : [])));
}
