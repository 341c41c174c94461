/** The units of the fleet process, which are there while the host's gateway gets its fleet's list from a store. */
import {
  FLEET_LINK,
  FLEET_PATH,
  FLEET_PATH_FILE,
  FLEET_SERVICE_FILE,
  FLEET_STORE,
  GATEWAY_PROGRAM,
  GATEWAY_SERVICE,
  type HostFacts,
} from "../../../facts/index.ts";
import { type Change, type FleetAction, writeUnlessSame } from "../change.ts";
import { HEADER } from "../header.ts";
import { WALLS } from "./walls.ts";

const CREDENTIAL = "fleet-store.json";

/**
 * The gateway removes the file when the host leaves its fleet, and writes it when it joins one: no admin has to come.
 * Not ordered after any service: services start after basic.target, which waits for path units. systemd leaves such a cycle
 * at boot by not starting one of its units, which could be Docker.
 */
export const fleetPathUnit = `${HEADER}[Unit]
Description=Starts the fleet process of tetherdock's gateway when it has something to do
PartOf=${GATEWAY_SERVICE}

[Path]
PathExists=${FLEET_STORE}

[Install]
WantedBy=${GATEWAY_SERVICE}
`;

/** @param resolvers local addresses of /etc/resolv.conf: the name of the store is looked up there */
export function fleetServiceUnit(resolvers: readonly string[]): string {
  const allowed = resolvers.length === 0 ? "" : `IPAddressAllow=${resolvers.join(" ")}\n`;
  return `${HEADER}[Unit]
Description=tetherdock: brings the fleet's list from its store to the gateway
PartOf=${GATEWAY_SERVICE}
After=${GATEWAY_SERVICE}
ConditionPathExists=${FLEET_STORE}
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${GATEWAY_PROGRAM} fleet host --link \${CREDENTIALS_DIRECTORY}/${CREDENTIAL}
Environment=NODE_OPTIONS=--max-semi-space-size=1
# It ends when the gateway has written another file, and when the gateway is gone.
Restart=always
RestartSec=1
# The host has left its fleet, and the file is gone: systemd 254 and later do not look at ConditionPathExists before they restart it.
RestartPreventExitStatus=243
SuccessExitStatus=243
LimitNOFILE=256
TasksMax=32
MemoryHigh=128M
MemoryMax=192M

# A user of its own, who exists only while it runs, and who has one file and no folder. Its gateway verifies what it brings.
DynamicUser=yes
LoadCredential=${CREDENTIAL}:${FLEET_STORE}
UMask=0077
CapabilityBoundingSet=
NoNewPrivileges=yes

# Its network is for the store: not what listens on this machine's loopback, and no cloud's metadata service. Other addresses of
# this machine, and its containers', change, so they cannot be left out here.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SocketBindDeny=any
IPAddressDeny=localhost link-local multicast
${allowed}
${WALLS}`;
}

/** What `up` does about the fleet process. */
export interface FleetPlan {
  readonly changes: readonly Change[];
  readonly action: FleetAction;
}

function install({ gateway, ours }: HostFacts): FleetPlan {
  const { path, resolvers } = gateway.fleet;
  const write = (file: string, after: string, reason: string) =>
    writeUnlessSame(ours.files.get(file), { path: file, after, mode: "644", reason });
  const reason =
    "brings the fleet's list from its store to the gateway; it may use the network, and nothing else";
  const changes: Change[] = [
    ...write(FLEET_SERVICE_FILE, fleetServiceUnit(resolvers), reason),
    ...write(FLEET_PATH_FILE, fleetPathUnit, "starts it while the host uses a store"),
    ...(gateway.links.has(FLEET_LINK)
      ? []
      : [
          {
            kind: "link",
            path: FLEET_LINK,
            target: FLEET_PATH_FILE,
            reason: `started with ${GATEWAY_SERVICE}`,
          } as const,
        ]),
  ];
  const runs = path.state === "active" && !path.needsReload;
  return { changes, action: changes.length > 0 || !runs ? "start" : "none" };
}

/** @param reason why they are not needed */
export function planWithoutFleet({ gateway, ours }: HostFacts, reason: string): FleetPlan {
  const links = gateway.links.has(FLEET_LINK) ? [{ path: FLEET_LINK, before: null }] : [];
  const files = [FLEET_SERVICE_FILE, FLEET_PATH_FILE].flatMap((path) => {
    const before = ours.files.get(path)?.text;
    return before === undefined ? [] : [{ path, before }];
  });
  const changes = [...links, ...files].map((one) => ({ kind: "remove", ...one, reason }) as const);
  const runs = gateway.fleet.path.state !== "inactive";
  return { changes, action: changes.length > 0 || runs ? "stop" : "none" };
}

export function planFleet(facts: HostFacts): FleetPlan {
  return facts.gateway.fleet.usesStore
    ? install(facts)
    : planWithoutFleet(facts, `this host gets its fleet's list from no store; ${FLEET_PATH} is not needed`);
}
