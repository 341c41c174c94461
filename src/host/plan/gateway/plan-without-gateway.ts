/**
 * Native mode on a host that has had a gateway: its units and program are removed, its client list and audit log stay.
 */
import { json, quoteForeign } from "../../../base/index.ts";
import {
  GATEWAY_CLIENTS,
  GATEWAY_CONFIG,
  GATEWAY_LINKS,
  GATEWAY_SERVICE_FILE,
  GATEWAY_SOCKET_FILE,
  type HostFacts,
} from "../../../facts/index.ts";
import { administers } from "../../../policy/index.ts";
import type { Change, GatewayAction } from "../change.ts";

/** The part of a native plan that concerns the gateway. */
export interface WithoutGateway {
  readonly changes: readonly Change[];
  readonly action: GatewayAction;
  readonly warnings: readonly string[];
}

const REASON = "in native mode dockerd itself listens, and nothing from tetherdock runs";

const word = { read: json.words(200) };
const readClients = json.openObject({
  clients: { read: json.list(json.openObject({ name: word, state: word, role: word })) },
});

/** Names of clients that the gateway refuses or restricts, and that dockerd will admit as root. */
function freed(clients: string | undefined): string[] {
  const read = json.read(clients ?? "", readClients);
  if ("problems" in read) return []; // missing, or not ours: then it refuses nobody
  return read.value.clients
    .filter(({ state, role }) => state !== "active" || !administers(role))
    .map(({ name }) => quoteForeign(name));
}

/** What must be removed before dockerd can listen itself. */
export function planWithoutGateway({ gateway, ours }: HostFacts): WithoutGateway {
  const files = [GATEWAY_CONFIG, GATEWAY_SERVICE_FILE, GATEWAY_SOCKET_FILE];
  const changes: Change[] = [
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
  const names = action === "stop" ? freed(ours.files.get(GATEWAY_CLIENTS)?.text) : [];
  const warnings =
    names.length > 0
      ? [
          `dockerd has no revocation and no roles: the certificates of ${names.join(", ")} give root access until they expire`,
        ]
      : [];
  return { changes, action, warnings };
}
