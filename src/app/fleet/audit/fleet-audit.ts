/** `fleet audit`: the audit logs of a fleet's hosts, copied to this machine, as one. */
import type { AuditVerification, LogCopy } from "../../../audit/index.ts";
import { eachAtOnce, MINUTE_MS, Places, TetherdockError } from "../../../base/index.ts";
import type { OperatedFleet } from "../../../fleet/index.ts";
import {
  type AskLog,
  type Fetched,
  fetchLog,
  MOST_OF_HOST,
  overLine,
  type RecordSource,
  VERIFY_MS,
  verifyPath,
} from "../../audit/index.ts";
import { readVerification } from "../../gateway-api/index.ts";
import { withStore } from "../bring-list.ts";
import { takeNewest } from "../newest-list.ts";
import { openFleet } from "../open-fleet.ts";
import { removedFrom } from "../operators/proposals.ts";
import type { FleetPorts } from "../ports.ts";
import { askThroughStore, type Way, type WayToLog, wayToLog } from "./ask-host.ts";

export interface FleetAuditPorts extends FleetPorts {
  /** The copy of a host's log. */
  auditCopy(fleet: string, host: string): LogCopy & RecordSource;
}

/** Which fleet and host; undefined: the only one, and all of them. */
export interface FleetPlace {
  readonly fleet: string | undefined;
  readonly host: string | undefined;
}

export type FetchedHost = { readonly host: string } & (
  | { readonly fetched: Fetched; readonly by: Way }
  | { readonly error: TetherdockError }
);

/** @returns what was thrown, if that was foreseen */
export async function orError<T extends object>(
  work: () => Promise<T>,
): Promise<T | { error: TetherdockError }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TetherdockError) return { error };
    throw error;
  }
}

/** @returns the fleet and its hosts' names @throws FLEET_UNKNOWN, FLEET_BROKEN; USAGE: no such host */
export async function hostsOf(
  ports: FleetPorts,
  place: FleetPlace,
): Promise<{ fleet: OperatedFleet; hosts: readonly string[] }> {
  // Another operator may have had hosts join.
  const fleet = await takeNewest(ports, await openFleet(ports, place.fleet));
  const { name, kept } = fleet;
  const removed = removedFrom(fleet);
  if (removed !== null)
    ports.tell(`warning: ${removed.message}; only hosts that a line of this machine reaches answer`);
  const hosts = kept.view.list.hosts.map((host) => host.name);
  if (place.host === undefined) return { fleet, hosts };
  if (hosts.includes(place.host)) return { fleet, hosts: [place.host] };
  throw new TetherdockError("USAGE", `there is no host "${place.host}" in the fleet ${name}`, {
    why: hosts.length === 0 ? [] : [`its hosts are ${hosts.slice(0, 20).join(", ")}`],
    hints: [`tetherdock fleet status --fleet ${name}`],
  });
}

/** Hosts at a time, of which most may wait for an answer that does not come. */
const HOSTS_AT_ONCE = 32;
/** Of hosts that give pieces of their logs, of 2 MiB each, and of copies that are verified. */
const WORKING_AT_ONCE = 8;

/**
 * For all answers of one host to a fetch: one that gives its log as slowly as it may would hold up the others' records for a day.
 * Over a line of 1 MB/s, 600 MB are copied; the next fetch goes on.
 */
const FETCH_MS = 10 * MINUTE_MS;

const isPiece = (path: string): boolean => path.startsWith("audit/files/");

interface HostLog extends WayToLog {
  /** Whether the host has taken long enough to answer. Time in which it waits for others does not count. */
  isOver(): boolean;
}

function inTurn({ clock }: FleetAuditPorts, { ask, way }: WayToLog, places: Places): HostLog {
  let tookMs = 0;
  const timed: AskLog = async (...asked) => {
    const from = clock();
    try {
      return await ask(...asked);
    } finally {
      tookMs += Math.max(0, clock() - from);
    }
  };
  return {
    way,
    ask: (path, ...more) => (isPiece(path) ? places.run(() => timed(path, ...more)) : timed(path, ...more)),
    isOver: () => tookMs >= FETCH_MS,
  };
}

/** Runs for each of these hosts, with the way to its log. @returns the results, in their order */
function withLogs<T>(
  ports: FleetAuditPorts,
  fleet: OperatedFleet,
  hosts: readonly string[],
  work: (host: string, log: HostLog, places: Places) => Promise<T>,
): Promise<T[]> {
  return withStore(ports, fleet, (store) => {
    const through = askThroughStore(ports, fleet, store);
    const places = new Places(WORKING_AT_ONCE);
    return eachAtOnce(HOSTS_AT_ONCE, hosts, (host) => {
      const log = wayToLog(ports, overLine(ports, host), through?.to(host) ?? null, through?.isReady);
      return work(host, inTurn(ports, log, places), places);
    });
  });
}

/** Copies what is new on each of these hosts. @returns what became of each, in their order */
export function fetchLogs(
  ports: FleetAuditPorts,
  fleet: OperatedFleet,
  hosts: readonly string[],
): Promise<FetchedHost[]> {
  return withLogs(ports, fleet, hosts, async (host, { ask, way, isOver }) => {
    const fetch = async () => ({
      fetched: await fetchLog(ask, ports.auditCopy(fleet.name, host), { isOver, most: MOST_OF_HOST }),
      by: way() ?? "line",
    });
    return { host, ...(await orError(fetch)) };
  });
}

/** Copies what is new on the hosts that are meant. @throws as {@link hostsOf} */
export async function fetchFleetAudit(
  ports: FleetAuditPorts,
  place: FleetPlace,
): Promise<{ fleet: string; hosts: readonly FetchedHost[] }> {
  const { fleet, hosts } = await hostsOf(ports, place);
  return { fleet: fleet.name, hosts: await fetchLogs(ports, fleet, hosts) };
}

/** What holds of a host's log. */
export interface VerifiedHost {
  readonly host: string;
  /** Which way led to it; null: none did. */
  readonly by: Way | null;
  /** null: the host could not be asked. */
  readonly fetched: Fetched | null;
  /** Of the copy; null: there is none. */
  readonly copy: AuditVerification | null;
  /** What the host says of its log, which must have the copy's last seal; null: it could not be asked. */
  readonly log: AuditVerification | null;
  readonly errors: readonly TetherdockError[];
}

async function verifyHost(
  ports: FleetAuditPorts,
  fleet: string,
  host: string,
  { ask, way, isOver }: HostLog,
  places: Places,
): Promise<VerifiedHost> {
  const source = ports.auditCopy(fleet, host);
  const errors: TetherdockError[] = [];
  const orNull = async <T extends object>(work: () => Promise<T>): Promise<T | null> => {
    const found = await orError(work);
    if (!("error" in found)) return found;
    errors.push(found.error);
    return null;
  };
  const fetched = await orNull(() => fetchLog(ask, source, { isOver, most: MOST_OF_HOST }));
  if (fetched?.noRoom) errors.push(fetched.noRoom);
  // A host that no line reaches has no copy yet, which is no second fault.
  const isCopied = fetched !== null || (await orNull(() => source.sizes()))?.size !== 0;
  const copy = isCopied ? await orNull(() => places.run(() => source.verify(undefined))) : null;
  const path = verifyPath(copy?.seal);
  const log = fetched && (await orNull(() => ask(path, readVerification, VERIFY_MS)));
  return { host, by: way(), fetched, copy, log, errors };
}

/** Copies what is new, verifies the copies, and has each host show that its log still has what was copied. */
export async function verifyFleetAudit(
  ports: FleetAuditPorts,
  place: FleetPlace,
): Promise<{ fleet: string; hosts: readonly VerifiedHost[] }> {
  const { fleet, hosts } = await hostsOf(ports, place);
  const { name } = fleet;
  const verified = await withLogs(ports, fleet, hosts, (host, log, places) =>
    verifyHost(ports, name, host, log, places),
  );
  return { fleet: name, hosts: verified };
}
