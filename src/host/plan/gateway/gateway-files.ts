/** The gateway's configuration and units: three texts, the same on every host except for port and socket. */
import { json } from "../../../base/index.ts";
import {
  CLIENT_CA,
  DOCKER_SERVICE,
  GATEWAY_CLIENTS_LINK,
  GATEWAY_CONFIG,
  GATEWAY_KEY,
  GATEWAY_LOGS_LINK,
  GATEWAY_NAME,
  GATEWAY_PROGRAM,
  GATEWAY_SOCKET,
  type LocalSocketFact,
  SERVER_CERTIFICATE,
  SERVER_KEY,
} from "../../../facts/index.ts";
import { HEADER } from "../header.ts";
import { WALLS } from "./walls.ts";

type Settings = Readonly<Record<string, unknown>>;

function readSettings(text: string | undefined): Settings {
  try {
    const value = json.parse(text ?? "{}");
    return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Settings) : {};
  } catch {
    return {}; // a gateway could not read it either; the plan shows what is lost
  }
}

/** Nested settings: existing ones stay unless another value is needed. */
function merged(before: unknown, needed: Settings): Settings {
  return { ...(typeof before === "object" ? before : {}), ...needed };
}

const LISTEN = { address: "fd://" };

/**
 * gateway.json. Paths are those that the service sees: systemd passes it the key, and changes the owner of its folders.
 * @param before the existing file: its limits, roles and other settings stay
 */
export function gatewayConfig({ path }: Pick<LocalSocketFact, "path">, before: string | undefined): string {
  const settings = readSettings(before);
  const { listen, tls, audit } = settings;
  const listens = Array.isArray(listen) ? listen : [];
  const config = {
    ...{ version: 1, metrics: `unix:///run/${GATEWAY_NAME}/metrics.sock` },
    ...settings,
    listen: listens.some(({ address }) => address === LISTEN.address) ? listens : [LISTEN, ...listens],
    upstream: `unix://${path}`,
    tls: merged(tls, {
      ca: CLIENT_CA,
      certificate: SERVER_CERTIFICATE,
      key: GATEWAY_KEY,
    }),
    clients: GATEWAY_CLIENTS_LINK,
    audit: merged(audit, { directory: GATEWAY_LOGS_LINK }),
  };
  const same = JSON.stringify(sorted(config)) === JSON.stringify(sorted(settings));
  return same && before !== undefined ? before : `${JSON.stringify(config, null, 2)}\n`;
}

/** Compares values, whatever the order of their keys. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}

/** @param port TCP port, for IPv4 and IPv6 */
export function socketUnit(port: number): string {
  return `${HEADER}[Unit]
Description=The Docker API for known clients

# Held by systemd: while the gateway restarts, connections wait instead of being refused.
[Socket]
ListenStream=${port}
BindIPv6Only=both
Backlog=4096

[Install]
WantedBy=sockets.target
`;
}

/**
 * Memory settings. For glibc's allocator, mallopt(3): OpenSSL's read buffer of a connection, 64 KiB of which only a few
 * are touched, gets a separate mapping. On the heap it would take whole resident pages, and an idle connection would
 * take a quarter more memory. For V8: a young generation of three times 4 MiB instead of 16. Under a flood of new
 * connections the process stays 50 MiB smaller (bench/hostile), and a request costs the same.
 */
export const GATEWAY_ENVIRONMENT = [
  "MALLOC_MMAP_THRESHOLD_=65536",
  "MALLOC_TOP_PAD_=4096",
  "MALLOC_TRIM_THRESHOLD_=16777216",
  "NODE_OPTIONS=--max-semi-space-size=4",
];

/** @param group whose members may use the engine's local socket */
export function serviceUnit({ group }: Pick<LocalSocketFact, "group">): string {
  return `${HEADER}[Unit]
Description=tetherdock gateway: the Docker API for known clients
Requires=${GATEWAY_SOCKET}
After=${GATEWAY_SOCKET} docker.socket ${DOCKER_SERVICE}
# By default systemd gives up after five starts in ten seconds, and then closes the port too, until an admin comes.
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
ExecStart=${GATEWAY_PROGRAM} gateway run --config ${GATEWAY_CONFIG}
ExecReload=/bin/kill -HUP $MAINPID
Environment=${GATEWAY_ENVIRONMENT.join(" ")}
Restart=on-failure
RestartSec=1
WatchdogSec=30
LimitNOFILE=65536
# It keeps itself far below: beyond the first it is slowed down, beyond the second it is killed and started again.
MemoryHigh=768M
MemoryMax=1G

# A user of its own, who exists only while it runs, and of all that is root's only docker's socket and one key.
DynamicUser=yes
SupplementaryGroups=${group}
LoadCredential=server-key.pem:${SERVER_KEY}
StateDirectory=${GATEWAY_NAME}
StateDirectoryMode=0700
LogsDirectory=${GATEWAY_NAME}
LogsDirectoryMode=0700
RuntimeDirectory=${GATEWAY_NAME}
# Others find a socket in it only by its whole name.
RuntimeDirectoryMode=0711
UMask=0077
CapabilityBoundingSet=
NoNewPrivileges=yes

# It never opens a connection but docker's socket: its only network is what clients bring through systemd's socket.
PrivateNetwork=yes
RestrictAddressFamilies=AF_UNIX

${WALLS}
[Install]
WantedBy=multi-user.target
`;
}
