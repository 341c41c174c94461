/** `fleet audit`: the audit logs of a fleet's hosts, copied to this machine, as one. */
import type { AuditVerification, LogCopy } from "../../../audit/index.ts";
import { TetherdockError } from "../../../base/index.ts";
import { type Fetched, fetchLog, type RecordSource } from "../../audit/index.ts";
import { callLine, readVerification } from "../../gateway-api/index.ts";
import { openFleet } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { eachAtOnce } from "../push-list.ts";

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
  | { readonly fetched: Fetched }
  | { readonly error: TetherdockError }
);

/** A gigabyte is read and hashed before a gateway answers. */
const VERIFY_MS = 5 * 60_000;

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

/** @returns the fleet's name and hosts @throws FLEET_UNKNOWN, FLEET_BROKEN; USAGE: no such host */
export async function hostsOf(
  ports: FleetPorts,
  place: FleetPlace,
): Promise<{ fleet: string; hosts: readonly string[] }> {
  const { name: fleet, kept } = await openFleet(ports, place.fleet);
  const hosts = kept.view.list.hosts.map(({ name }) => name);
  if (place.host === undefined) return { fleet, hosts };
  if (hosts.includes(place.host)) return { fleet, hosts: [place.host] };
  throw new TetherdockError("USAGE", `there is no host "${place.host}" in the fleet ${fleet}`, {
    why: hosts.length === 0 ? [] : [`its hosts are ${hosts.slice(0, 20).join(", ")}`],
    hints: [`tetherdock fleet status --fleet ${fleet}`],
  });
}

/** Copies what is new on each host. @returns what became of each, in the list's order @throws as {@link hostsOf} */
export async function fetchFleetAudit(
  ports: FleetAuditPorts,
  place: FleetPlace,
): Promise<{ fleet: string; hosts: readonly FetchedHost[] }> {
  const { fleet, hosts } = await hostsOf(ports, place);
  const fetched = await eachAtOnce(hosts, async (host) => ({
    host,
    ...(await orError(async () => ({
      fetched: await fetchLog(ports, host, ports.auditCopy(fleet, host)),
    }))),
  }));
  return { fleet, hosts: fetched };
}

/** What holds of a host's log. */
export interface VerifiedHost {
  readonly host: string;
  /** null: the host could not be asked. */
  readonly fetched: Fetched | null;
  /** Of the copy; null: there is none. */
  readonly copy: AuditVerification | null;
  /** What the host says of its log, which must have the copy's last seal; null: it could not be asked. */
  readonly log: AuditVerification | null;
  readonly errors: readonly TetherdockError[];
}

async function verifyHost(ports: FleetAuditPorts, fleet: string, host: string): Promise<VerifiedHost> {
  const source = ports.auditCopy(fleet, host);
  const errors: TetherdockError[] = [];
  const orNull = async <T extends object>(work: () => Promise<T>): Promise<T | null> => {
    const found = await orError(work);
    if (!("error" in found)) return found;
    errors.push(found.error);
    return null;
  };
  const fetched = await orNull(() => fetchLog(ports, host, source));
  // A host that no line reaches has no copy yet, which is no second fault.
  const isCopied = fetched !== null || (await orNull(() => source.sizes()))?.size !== 0;
  const copy = isCopied ? await orNull(() => source.verify(undefined)) : null;
  const path = `audit/verify${copy === null ? "" : `?seal=${copy.seal}`}`;
  const call = { method: "GET", path, answerMs: VERIFY_MS } as const;
  const log = fetched && (await orNull(() => callLine(ports, host, call, readVerification)));
  return { host, fetched, copy, log, errors };
}

/** Copies what is new, verifies the copies, and has each host show that its log still has what was copied. */
export async function verifyFleetAudit(
  ports: FleetAuditPorts,
  place: FleetPlace,
): Promise<{ fleet: string; hosts: readonly VerifiedHost[] }> {
  const { fleet, hosts } = await hostsOf(ports, place);
  return { fleet, hosts: await eachAtOnce(hosts, (host) => verifyHost(ports, fleet, host)) };
}
