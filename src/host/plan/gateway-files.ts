/** What the gateway is told and how systemd runs it: three texts, the same on every host but for port and socket. */
import {
  CLIENT_CA,
  DOCKER_SERVICE,
  GATEWAY_CONFIG,
  GATEWAY_NAME,
  GATEWAY_PROGRAM,
  GATEWAY_SERVICE,
  GATEWAY_SOCKET,
  type LocalSocketFact,
  SERVER_CERTIFICATE,
  SERVER_KEY,
} from "../../facts/index.ts";

const HEADER = "# Made by tetherdock up; tetherdock down takes it away.\n";

/** gateway.json. Paths are as the service sees them: systemd hands it the key, and gives its folders other owners. */
export function gatewayConfig({ path }: Pick<LocalSocketFact, "path">): string {
  const config = {
    version: 1,
    listen: [{ address: "fd://" }],
    upstream: `unix://${path}`,
    tls: {
      ca: CLIENT_CA,
      certificate: SERVER_CERTIFICATE,
      key: `/run/credentials/${GATEWAY_SERVICE}/server-key.pem`,
    },
    clients: `/var/lib/${GATEWAY_NAME}/clients.json`,
    audit: { directory: `/var/log/${GATEWAY_NAME}` },
    metrics: `unix:///run/${GATEWAY_NAME}/metrics.sock`,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
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

/** @param group whose members may use the engine's local socket */
export function serviceUnit({ group }: Pick<LocalSocketFact, "group">): string {
  return `${HEADER}[Unit]
Description=tetherdock gateway: the Docker API for known clients
Requires=${GATEWAY_SOCKET}
After=${GATEWAY_SOCKET} docker.socket ${DOCKER_SERVICE}

[Service]
Type=notify
NotifyAccess=all
ExecStart=${GATEWAY_PROGRAM} gateway run --config ${GATEWAY_CONFIG}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=1
WatchdogSec=30
LimitNOFILE=65536

# A user of its own, who exists only while it runs, and of all that is root's only docker's socket and one key.
DynamicUser=yes
SupplementaryGroups=${group}
LoadCredential=server-key.pem:${SERVER_KEY}
StateDirectory=${GATEWAY_NAME}
StateDirectoryMode=0700
LogsDirectory=${GATEWAY_NAME}
LogsDirectoryMode=0700
RuntimeDirectory=${GATEWAY_NAME}
UMask=0077
CapabilityBoundingSet=
NoNewPrivileges=yes

# It never opens a connection but docker's socket: its only network is what clients bring through systemd's socket.
PrivateNetwork=yes
RestrictAddressFamilies=AF_UNIX

PrivateDevices=yes
PrivateTmp=yes
PrivateUsers=yes
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
LockPersonality=yes
RemoveIPC=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
# Not MemoryDenyWriteExecute: V8 compiles while it runs.

[Install]
WantedBy=multi-user.target
`;
}
