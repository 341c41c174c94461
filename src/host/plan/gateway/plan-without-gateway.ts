/**
 * Native mode on a host that has had a gateway: its units and program are removed, its client list and audit log stay.
 */
import { json, quoteForeign } from "../../../base/index.ts";
import {
  GATEWAY_CLIENTS,
  GATEWAY_CONFIG,
  GATEWAY_LINKS,
  GATEWAY_REVOKED,
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
const wordOrNull = { read: json.orNull(json.words(200)), optional: { value: null } };

// Open: a newer gateway may have written more.
const readClients = json.openObject({
  clients: {
    read: json.list(
      json.openObject({ name: word, fingerprint: wordOrNull, state: word, role: word, expires: wordOrNull }),
    ),
  },
});
const none = { optional: { value: [] } };
const readRevocations = json.openObject({
  keys: { read: json.list(json.openObject({ key: word, revoked: { read: json.flag } })), ...none },
  /** In version 1 of the file. */
  revoked: { read: json.list(json.words(200)), ...none },
});

/** Keys that the gateway refuses, whatever the list says of them. */
function revokedKeys(text: string | undefined): ReadonlySet<string> {
  const read = json.read(text ?? "{}", readRevocations);
  if ("problems" in read) return new Set();
  const keys = read.value.keys.filter(({ revoked }) => revoked).map(({ key }) => key);
  return new Set([...keys, ...read.value.revoked]);
}

const isFingerprint = (key: string): boolean => /^[0-9a-f]{64}$/.test(key);

/**
 * Whom the gateway refuses or restricts, now or later, and dockerd will admit as root: clients that are revoked, are not
 * admins, or whose access ends before their certificate does; and clients that were removed from the list, of whom only the
 * keys are left.
 */
function freed({ files }: HostFacts["ours"]): string[] {
  const text = files.get(GATEWAY_CLIENTS)?.text;
  if (text === undefined) return [];
  const read = json.read(text, readClients);
  if ("problems" in read) return ["all clients (their list cannot be read)"];
  const { clients } = read.value;
  const revoked = revokedKeys(files.get(GATEWAY_REVOKED)?.text);
  const limited = clients.filter(
    ({ fingerprint, state, role, expires }) =>
      state !== "active" || !administers(role) || expires !== null || revoked.has(fingerprint ?? ""),
  );
  const listed = new Set(clients.map(({ fingerprint }) => fingerprint));
  const removed = [...revoked].filter((key) => isFingerprint(key) && !listed.has(key)).length;
  return [
    ...limited.map(({ name }) => quoteForeign(name)),
    ...(removed > 0 ? [`${removed} removed client${removed === 1 ? "" : "s"}`] : []),
  ];
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
  const names = action === "stop" ? freed(ours) : [];
  const warnings =
    names.length > 0
      ? [
          `dockerd does not read the client list: the certificates of ${names.join(", ")} give root access until they expire`,
        ]
      : [];
  return { changes, action, warnings };
}
