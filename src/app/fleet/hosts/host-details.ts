/** What `fleet status` says of a host besides its list: gateway, engine, certificate, and how far its audit log is ahead of the copy. */
import { isAuditFileName } from "../../../audit/index.ts";
import { json, MINUTE_MS, TetherdockError } from "../../../base/index.ts";
import { describeObservation } from "../../../engine/index.ts";
import { isEncryptedKey } from "../../../line/index.ts";
import { type AskLog, overLine } from "../../audit/index.ts";
import { callLine, readLogFiles, readStatus } from "../../gateway-api/index.ts";
import { askEngineOf, daysOf, daysProblem, type StatusPorts } from "../../status/index.ts";
import { askThroughStore } from "../audit/ask-host.ts";
import { type FleetAuditPorts, orError } from "../audit/fleet-audit.ts";
import { withStore } from "../bring-list.ts";
import type { FleetStatus } from "../fleet-status.ts";
import type { HostResult } from "../push-list.ts";
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
/** Through a web server, a host looks for a question every ten seconds. */
const STORE_MS = 25_000;
const RECENT_MS = 5 * MINUTE_MS;

async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TetherdockError) return null;
    throw error;
  }
}

async function auditBehind(
  ports: FleetAuditPorts,
  fleet: string,
  host: string,
  ask: AskLog,
): Promise<number> {
  const { files } = await ask("audit/files", readLogFiles, HOST_MS);
  const copied = await ports.auditCopy(fleet, host).sizes();
  const missing = files.map(({ name, bytes }) =>
    isAuditFileName(name) ? Math.max(0, bytes - (copied.get(name) ?? 0)) : 0,
  );
  return missing.reduce((sum, one) => sum + one, 0);
}

/** @param pem of the server certificate; undefined: the host shows none */
function certificateIn(
  pem: string | undefined,
  now: number,
): Pick<HostDetails, "certificateDays" | "problems"> {
  const days = pem === undefined ? undefined : daysOf(pem, now);
  const few = daysProblem("server's", days);
  return { certificateDays: days ?? null, problems: few === undefined ? [] : [few] };
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
  return { engine: asked.engine.version, ...certificateIn(asked.tls?.certificatePem, ports.clock()) };
}

async function detailsOf(ports: DetailPorts, fleet: string, host: string): Promise<HostDetails> {
  const call = { method: "GET", path: "status", withinMs: HOST_MS } as const;
  const [status, engine, behind] = await Promise.all([
    orNull(() => callLine(ports, host, call, readStatus)),
    engineOf(ports, host),
    orNull(() => auditBehind(ports, fleet, host, overLine(ports, host))),
  ]);
  return { ...engine, gateway: status?.version ?? null, auditBehind: behind };
}

const readAbout = json.openObject<
  Pick<HostDetails, "engine"> & { version: string; certificate: string | null }
>({
  version: { read: json.words(64) },
  engine: { read: json.orNull(json.words(64)) },
  certificate: { read: json.orNull(json.words(64 * 1024)) },
});

/** What a host that no line reaches says of itself through the store; null: it does not answer. */
async function detailsThrough(
  ports: DetailPorts,
  fleet: string,
  host: string,
  ask: AskLog,
): Promise<HostDetails | null> {
  const about = await orNull(() => ask("status", readAbout, STORE_MS));
  if (about === null) return null;
  return {
    ...{ gateway: about.version, engine: about.engine },
    ...certificateIn(about.certificate ?? undefined, ports.clock()),
    auditBehind: await orNull(() => auditBehind(ports, fleet, host, ask)),
  };
}

/** A running host writes its receipt every minute: one that is off is not waited for. */
const isRecent = (one: HostResult, now: number): boolean =>
  "stored" in one && one.doubt === null && Math.abs(now - one.stored.at) < RECENT_MS;

/** @returns by host, of those that their line has just reached, and of those that answer through the store */
export function hostDetails(
  ports: DetailPorts,
  { fleet, hosts }: FleetStatus,
): Promise<ReadonlyMap<string, HostDetails>> {
  return withStore(ports, fleet, async (store) => {
    // Looking is not worth a passphrase.
    const through = isEncryptedKey(fleet.operatorKey) ? null : askThroughStore(ports, fleet, store);
    const found = await eachAtOnce(hosts, async (one) => {
      if ("fleet" in one) return detailsOf(ports, fleet.name, one.host);
      if (through === null || !isRecent(one, ports.clock())) return null;
      return detailsThrough(ports, fleet.name, one.host, through.to(one.host));
    });
    return new Map(hosts.flatMap(({ host }, at) => (found[at] ? [[host, found[at]] as const] : [])));
  });
}
