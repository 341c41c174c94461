/** The configuration of a fleet's NATS servers, for whoever runs them: it has no secret. */
import { MOST_PUBLICATION, type StoreAddress } from "../store/index.ts";

/** Tokens that the operator has signed, and the public keys of the accounts. */
export interface ServerTrust {
  readonly operator: string;
  readonly system: { readonly key: string; readonly token: string };
  readonly account: { readonly key: string; readonly token: string };
  readonly hosts: { readonly key: string; readonly token: string };
}

/** A message has headers besides. */
export const MOST_MESSAGE = MOST_PUBLICATION + 64 * 1024;

/** Bytes: eight answers about audit logs at once, for an operator on a slow line, and more than one message. */
const MOST_PENDING = 16 * 1024 * 1024;

/** @returns the port of the servers; if each has its own, that of the first, with a comment */
export function serverPort({ urls }: StoreAddress): string {
  const [first = "4222", ...others] = new Set(urls.map((url) => new URL(url).port || "4222"));
  return others.length === 0
    ? first
    : `${first}   # on each server, the port of its address in fleet init --store`;
}

/** @param paths of certificate and key, and a folder for data, on the server @param port from {@link serverPort} */
export function serverConfig(
  fleet: string,
  trust: ServerTrust,
  paths = { cert: "/etc/nats/cert.pem", key: "/etc/nats/key.pem", data: "/var/lib/nats" },
  port = "4222",
): string {
  return `# Store of the fleet ${fleet}: the same file on every server. Nothing in it is secret.
port: ${port}
max_payload: ${MOST_MESSAGE}
# For each connection that does not read what it asked for. NATS's own, 64 MB, would let one host fill the memory of a server.
max_pending: ${MOST_PENDING}

# For the names in fleet init --store. Without this, no host connects.
tls {
  cert_file: ${JSON.stringify(paths.cert)}
  key_file: ${JSON.stringify(paths.key)}
  # Many hosts that come back at once wait for each other: 2 s, NATS's own, are too short.
  timeout: 10
}

jetstream {
  store_dir: ${JSON.stringify(paths.data)}
  # sync_interval: always   # nats-server 2.10 and later: each message is on the disk before it is confirmed
}

# With several servers: server_name and cluster here, different on each (docs.nats.io).

operator: ${trust.operator}
system_account: ${trust.system.key}
# For the same reason, until a host has sent its credentials.
authorization {
  timeout: 10
}
resolver {
  type: full
  dir: ${JSON.stringify(`${paths.data}/accounts`)}
  allow_delete: false
  interval: "2m"
}
resolver_preload {
  ${trust.system.key}: ${trust.system.token}
  ${trust.account.key}: ${trust.account.token}
  ${trust.hosts.key}: ${trust.hosts.token}
}
`;
}
