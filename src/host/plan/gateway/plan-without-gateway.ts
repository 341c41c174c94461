/**
 * Native mode on a host that has had a gateway: its units and program are removed, its client list and audit log stay.
 */
import { counted, quoteForeign, TetherdockError } from "../../../base/index.ts";
import {
  GATEWAY_CONFIG,
  GATEWAY_LINKS,
  GATEWAY_SERVICE_FILE,
  GATEWAY_SOCKET_FILE,
  type HostFacts,
  LIST_PATHS,
  listOnHost,
} from "../../../facts/index.ts";
import { keptFrom } from "../../../identity/index.ts";
import { administers } from "../../../policy/index.ts";
import type { Change, FleetAction, GatewayAction } from "../change.ts";
import { planWithoutFleet } from "./fleet-files.ts";

/** The part of a native plan that concerns the gateway. */
export interface WithoutGateway {
  readonly changes: readonly Change[];
  readonly action: GatewayAction;
  readonly fleet: FleetAction;
  readonly warnings: readonly string[];
}

const REASON = "in native mode dockerd itself listens, and nothing from tetherdock runs";

/** As the gateway reads them. @returns null where it could not */
function readList(clients: string, revocations: string | undefined) {
  try {
    return keptFrom({ clients, revocations }, LIST_PATHS);
  } catch (error) {
    if (error instanceof TetherdockError && error.code === "GATEWAY_CLIENTS_BROKEN") return null;
    throw error;
  }
}

const isFingerprint = (key: string): boolean => /^[0-9a-f]{64}$/.test(key);

/**
 * Whom the gateway refuses or restricts, now or later, and dockerd will admit as root: clients that are revoked, are not
 * admins, or whose access ends before their certificate does; and clients that were removed from the list, of whom only the
 * keys are left.
 */
function freed(facts: Pick<HostFacts, "ours">): string[] {
  const { clients: text, revocations } = listOnHost(facts);
  if (text === undefined) return [];
  const list = readList(text, revocations);
  if (!list) return ["all clients (their list cannot be read)"];
  const { clients, records } = list;
  const limited = clients.filter(
    ({ state, role, expires }) => state !== "active" || !administers(role) || expires !== null,
  );
  const listed = new Set(clients.map(({ fingerprint }) => fingerprint));
  const removed = [...records].filter(
    ([key, { revoked }]) => revoked && isFingerprint(key) && !listed.has(key),
  ).length;
  return [
    ...limited.map(({ name }) => quoteForeign(name)),
    ...(removed > 0 ? [counted(removed, "removed client")] : []),
  ];
}

/** What must be removed before dockerd can listen itself. */
export function planWithoutGateway(facts: HostFacts): WithoutGateway {
  const { gateway, ours } = facts;
  const fleet = planWithoutFleet(facts, REASON);
  const files = [GATEWAY_CONFIG, GATEWAY_SERVICE_FILE, GATEWAY_SOCKET_FILE];
  const changes: Change[] = [
    ...fleet.changes,
    ...[...GATEWAY_LINKS.keys()]
      .filter((path) => gateway.links.has(path))
      .map((path) => ({ kind: "remove", path, before: null, reason: REASON }) as const),
    ...files.flatMap((path) => {
      const before = ours.files.get(path)?.text;
      return before === undefined ? [] : [{ kind: "remove", path, before, reason: REASON } as const];
    }),
    ...[...gateway.programs.keys()].map(
      (path) => ({ kind: "remove", path, before: null, spare: true, reason: REASON }) as const,
    ),
  ];
  const runs = [gateway.service, gateway.socket].some(({ state }) => state !== "inactive");
  const action = changes.length > 0 || runs ? "stop" : "none";
  const names = action === "stop" ? freed({ ours }) : [];
  const warnings =
    names.length > 0
      ? [
          `dockerd does not read the client list: the certificates of ${names.join(", ")} give root access until they expire`,
        ]
      : [];
  return { changes, action, fleet: fleet.action, warnings };
}
