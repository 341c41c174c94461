/** Addresses in gateway.json: `tcp://HOST:PORT`, `unix:///PATH`, `fd://`. */

import { json } from "../../base/index.ts";
import { readClientName } from "../../identity/index.ts";
import type { Listen, MetricsListen } from "./config.ts";

const TCP = /^tcp:\/\/(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):([1-9][0-9]{0,4})$/;
const UNIX = /^unix:\/\/(\/[^\0]*[^/\0])$/;
const LOOPBACK = /^(?:127\.[0-9.]+|::1|localhost)$/;
const HIGHEST_PORT = 65_535;
/** The socket's own user and group may connect; others only if the configuration says so. */
const SOCKET_MODE = "0660";

interface Entry {
  readonly address: string;
  readonly client: string | null;
  readonly mode: string;
}

const readEntry = json.object<Entry>({
  address: { read: json.matching(/./, "tcp://HOST:PORT, unix:///PATH or fd://") },
  client: {
    read: json.orNull(readClientName),
    optional: { value: null },
  },
  mode: {
    read: json.matching(/^0?[0-7]{3}$/, 'octal permission bits such as "0660"'),
    optional: { value: SOCKET_MODE },
  },
});

function readTcp(address: string): { readonly host: string; readonly port: number } | null {
  const [, v6, name, digits] = TCP.exec(address) ?? [];
  const host = v6 ?? name;
  const port = Number(digits);
  return host !== undefined && port <= HIGHEST_PORT ? { host, port } : null;
}

/** One entry of `listen`. */
export const readListen: json.Read<Listen> = (value, at, complain) => {
  const entry = readEntry(value, at, complain);
  if (!entry) return undefined;
  const { address, client, mode } = entry;
  if (address === "fd://") return { kind: "systemd", client };
  const path = UNIX.exec(address)?.[1];
  if (path !== undefined && client !== null)
    return { kind: "unix", path, client, mode: Number.parseInt(mode, 8) };
  if (path !== undefined)
    return void complain(`${at}.client`, "is missing: it names the client that connects by this socket");
  const tcp = readTcp(address);
  if (tcp && client === null) return { kind: "tcp", ...tcp };
  if (tcp)
    return void complain(`${at}.client`, "must not be said for TCP: the certificate tells who connects");
  return void complain(`${at}.address`, "must be tcp://HOST:PORT, unix:///PATH or fd://");
};

/** `metrics`: a local socket or loopback. */
export const readMetrics: json.Read<MetricsListen> = (value, at, complain) => {
  const address = typeof value === "string" ? value : "";
  const path = UNIX.exec(address)?.[1];
  if (path !== undefined) return { kind: "unix", path };
  const tcp = readTcp(address);
  if (tcp && LOOPBACK.test(tcp.host)) return { kind: "loopback", ...tcp };
  return void complain(
    at,
    "must be unix:///PATH, or tcp:// with a loopback address: it asks nobody for a certificate",
  );
};

/** `upstream`: Docker's own socket. */
export const readUpstream: json.Read<string> = (value, at, complain) =>
  (typeof value === "string" ? UNIX.exec(value)?.[1] : undefined) ??
  void complain(at, "must be unix:///PATH");
