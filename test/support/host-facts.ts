/** Facts of a healthy host, for tests of plans; each test changes what it needs. */
import {
  GATEWAY_LINKS,
  GATEWAY_PROGRAM,
  type HostFacts,
  type ListenerFact,
  type PathStep,
  type PathSteps,
} from "../../src/facts/index.ts";

const DEBIAN_EXEC = "/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS";

export const NOW = Date.UTC(2026, 10, 24);

/** Listeners on these ports, held by this command, or by a process that cannot be seen. */
export function listening(ports: readonly number[], command?: string): ListenerFact[] {
  const holders = command === undefined ? [] : [{ pid: command.length, command, unit: null }];
  return ports.map((port) => ({ address: `0.0.0.0:${port}`, port, holders }));
}

/** A unit as shipped by Debian's docker.io (or, with another ExecStart, by anyone). */
export function vendorUnit(execStart = DEBIAN_EXEC) {
  return {
    path: "/lib/systemd/system/docker.service",
    text: `[Service]\nType=notify\nExecStart=${execStart}\n`,
  };
}

/** Debian's docker.socket. */
export const dockerSocket: HostFacts["sockets"][number] = {
  unit: "docker.socket",
  active: true,
  listens: ["/run/docker.sock"],
  units: [{ path: "/lib/systemd/system/docker.socket", text: "[Socket]\nListenStream=/run/docker.sock\n" }],
  links: ["/etc/systemd/system/sockets.target.wants/docker.socket"],
};

/** The vendor's recipe of pitfall 1 (or, with port 2376, of pitfall 2). */
export function tcpSocket(port = 2375): HostFacts["sockets"][number] {
  const path = "/etc/systemd/system/docker-tcp.socket";
  return {
    unit: "docker-tcp.socket",
    active: true,
    listens: [`[::]:${port}`],
    units: [{ path, text: `[Socket]\nListenStream=${port}\nService=docker.service\n` }],
    links: ["/etc/systemd/system/sockets.target.wants/docker-tcp.socket"],
  };
}

/** @param validated the output of `dockerd --validate`; null: it has no such flag */
export function daemonJson(text: string, validated: string | null = null): HostFacts["daemonJson"] {
  const path = "/etc/docker/daemon.json";
  return { path, file: { path, mode: "600", owner: "0:0", text }, validated };
}

/** A step that only root can change; a directory by default. */
export function pathStep(path: string, more: Partial<PathStep> = {}): PathStep {
  return {
    ...{ path, type: "directory", mode: 0o755, uid: 0, gid: 0, user: "root", group: "root", hardLinks: 1 },
    ...{ acl: false, target: null, locked: false, mounted: false },
    ...more,
  };
}

/** The steps to a path, all of which belong to root; */
export function rootsOwn(path: string, ...more: PathStep[]): PathSteps {
  const parts = path.split("/").slice(1, -1);
  const folders = ["/", ...parts.map((_, at) => `/${parts.slice(0, at + 1).join("/")}`)];
  return new Map([...folders.map((folder) => pathStep(folder)), ...more].map((step) => [step.path, step]));
}

/** A host that has never had a gateway. */
export const noGateway: HostFacts["gateway"] = {
  service: { state: "inactive", needsReload: false },
  socket: { state: "inactive", needsReload: false, ports: [] },
  programs: new Map(),
  links: new Set(),
  fleet: { usesStore: false, path: { state: "inactive", needsReload: false }, resolvers: [] },
};

/** A gateway after `up --gateway`. */
export const runningGateway: HostFacts["gateway"] = {
  service: { state: "active", needsReload: false },
  socket: { state: "active", needsReload: false, ports: [2376] },
  programs: new Map([[GATEWAY_PROGRAM, "aa"]]),
  links: new Set(GATEWAY_LINKS.keys()),
  fleet: noGateway.fleet,
};

/** @param service overrides of docker.service @param rest overrides of everything else */
export function hostFacts(
  service: Partial<HostFacts["service"]> = {},
  rest: Partial<Omit<HostFacts, "service">> = {},
): HostFacts {
  return {
    os: { id: "debian", name: "Debian" },
    machine: "x86_64",
    clockMs: NOW,
    names: ["web1"],
    addresses: ["192.0.2.7"],
    hasSystemd: true,
    systemdVersion: 252,
    freeKiB: [1_000_000, 1_000_000],
    programFreeKiB: [1_000_000, 1_000_000],
    tools: new Set([
      "dockerd",
      "docker",
      "systemd-run",
      "sha256sum",
      "openssl",
      "ssh-keygen",
      "gzip",
      "flock",
    ]),
    listeners: listening([22], "sshd"),
    service: {
      loadState: "loaded",
      active: true,
      unitFileState: "enabled",
      units: [vendorUnit()],
      environmentFiles: [],
      ...service,
    },
    sockets: [dockerSocket],
    localSockets: [{ path: "/run/docker.sock", group: "docker", mode: "660" }],
    gateway: noGateway,
    commandLine: ["/usr/sbin/dockerd", "-H", "fd://"],
    daemonJson: { path: "/etc/docker/daemon.json", file: null, validated: null },
    foreignDaemons: [],
    engine: { version: "20.10.24", liveRestore: false },
    containers: [],
    userFiles: [],
    ours: { files: new Map(), publicKey: null },
    transactions: [],
    isSteady: true,
    steps: rootsOwn("/etc/docker/daemon.json"),
    startPaths: ["/etc/docker/daemon.json"],
    undoArmed: false,
    ...rest,
  };
}
