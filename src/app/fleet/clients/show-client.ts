/** `fleet client show`: one client of a fleet, and what it did on each host, by the copies of the hosts' audit logs. */
import { shellJoin, TetherdockError } from "../../../base/index.ts";
import type { Client } from "../../../identity/index.ts";
import { ROLES } from "../../../policy/index.ts";
import { type Activity, sumActivity } from "../../clients/index.ts";
import { type FleetAuditPorts, fetchLogs, hostsOf } from "../audit/fleet-audit.ts";

/** Which client, and which part of its past. Times are milliseconds since the epoch. */
export interface FleetClientSpan {
  /** undefined: the only one. */
  readonly fleet: string | undefined;
  readonly name: string;
  readonly since: number;
  /** undefined: until now. */
  readonly until: number | undefined;
  readonly signal: AbortSignal;
}

export interface ActivityOnHost {
  readonly host: string;
  readonly activity: Activity;
  /** The time of the last record that was read, where there were too many; null: all were read. */
  readonly readUntil: number | null;
  /** Why the host's newest records are not among them; null: they are. */
  readonly error: TetherdockError | null;
}

export interface ShownFleetClient {
  readonly fleet: string;
  readonly client: Client;
  /** What its role allows, in words; null: a role of the fleet or of hosts. */
  readonly may: string | null;
  readonly hosts: readonly ActivityOnHost[];
}

/** @throws FLEET_UNKNOWN, FLEET_BROKEN, CLIENT_UNKNOWN, FILE_FAILED */
export async function showFleetClient(
  ports: FleetAuditPorts,
  { name, since, until = Number.POSITIVE_INFINITY, signal, ...place }: FleetClientSpan,
): Promise<ShownFleetClient> {
  const { fleet: opened, hosts: names } = await hostsOf(ports, { ...place, host: undefined });
  const { name: fleet, kept } = opened;
  const client = kept.view.list.clients.find((one) => one.name === name);
  if (client === undefined)
    throw new TetherdockError("CLIENT_UNKNOWN", `there is no client "${name}" in the fleet ${fleet}`, {
      hints: [
        shellJoin(["tetherdock", "fleet", "client", "ls", "--fleet", fleet]),
        `${shellJoin(["tetherdock", "fleet", "audit", "--client", name, "--fleet", fleet])}   # if it was removed`,
      ],
    });
  const hosts: ActivityOnHost[] = [];
  for (const one of await fetchLogs(ports, opened, names)) {
    const copy = ports.auditCopy(fleet, one.host);
    const wanted = {
      sinceMs: since,
      client: name,
      key: client.fingerprint ?? undefined,
      follow: false,
      signal,
    };
    const there = (await copy.sizes()).size > 0 ? copy.records(wanted) : (async function* () {})();
    const error = "error" in one ? one.error : one.fetched.noRoom;
    hosts.push({ host: one.host, ...(await sumActivity(there, until)), error });
  }
  const may = ROLES.find((role) => role.name === client.role)?.may ?? null;
  return { fleet, client, may, hosts };
}
