/** Hosts to draw: one after `up`, the two pitfalls, and one with everything that may be in between. */
import type { Inside, Subject } from "../../src/doctor/subject.ts";
import type { Observation } from "../../src/engine/index.ts";
import type { ListenerFact } from "../../src/facts/index.ts";
import type { GatewayClient, GatewayClients } from "../../src/topology/index.ts";
import { dockerSocket, hostFacts, runningGateway, tcpSocket } from "./host-facts.ts";
import { closedEndpoint, endpointReport, inside, OPEN, subject } from "./subject.ts";

const NOT_TLS: Observation = { kind: "not-tls", speaks: "http", firstBytes: "HTTP/1.0 400 Bad Request" };
const ADMITTED: Observation = {
  kind: "answered",
  answer: { status: 200, apiVersion: "1.41", server: "Docker/20.10.24", body: "OK" },
  tls: { version: "TLSv1.3", certificatePem: "" },
};

/** A listener of one process. */
export function listener(address: string, command: string, unit: string | null = null): ListenerFact {
  const port = Number(/:(\d+)$/.exec(address)?.[1] ?? Number.NaN);
  return {
    address,
    port: Number.isNaN(port) ? null : port,
    holders: [{ pid: command === "systemd" ? 1 : 7, command, unit }],
  };
}

const SSHD = [listener("0.0.0.0:22", "sshd", "ssh.service"), listener("[::]:22", "sshd", "ssh.service")];
const LOCAL = listener("/run/docker.sock", "systemd", "init.scope");

function dockerd(...flags: string[]): Partial<Inside["facts"]> {
  return { commandLine: ["/usr/sbin/dockerd", "-H", "fd://", ...flags] };
}

const TLS_FLAGS = ["--tlsverify", "--tlscacert=/etc/docker/ca.pem"];

function plain(port: number): Subject["endpoints"][number] {
  return endpointReport(
    { plain: OPEN, none: NOT_TLS, line: NOT_TLS, untrusted: NOT_TLS },
    { endpoint: { host: "192.0.2.7", port }, offer: null },
  );
}

/** A host after `tetherdock up`. */
export function madeByUp(): Subject {
  const facts = hostFacts({}, dockerd("--host=tcp://0.0.0.0:2376", "--tlsverify"));
  const listeners = [LOCAL, listener("[::]:2376", "dockerd", "docker.service"), ...SSHD];
  return subject({ inside: inside({ facts, listeners }) });
}

/** A host after `tetherdock up --gateway`. */
export function madeByGateway(): Subject {
  const facts = hostFacts({}, { ...dockerd(), gateway: runningGateway });
  const gateway = listener("[::]:2376", "systemd", "init.scope");
  return subject({ inside: inside({ facts, listeners: [LOCAL, gateway, ...SSHD] }) });
}

/** docker-tcp.socket on 2375, no TLS anywhere. */
export function pitfall1(): Subject {
  const facts = hostFacts({}, { ...dockerd(), sockets: [dockerSocket, tcpSocket()] });
  const listeners = [LOCAL, listener("[::]:2375", "systemd", "init.scope"), ...SSHD];
  return subject({
    name: "core@vps.example",
    endpoints: [plain(2375), closedEndpoint(2376)],
    inside: inside({ facts, listeners }),
  });
}

/** The socket on 2376 behind `fd://` and all TLS flags: the daemon applies them only to `tcp://`. */
export function pitfall2(): Subject {
  const facts = hostFacts({}, { ...dockerd(...TLS_FLAGS), sockets: [dockerSocket, tcpSocket(2376)] });
  const listeners = [LOCAL, listener("[::]:2376", "systemd", "init.scope"), ...SSHD];
  return subject({
    name: "core@vps.example",
    endpoints: [closedEndpoint(), plain(2376)],
    inside: inside({ facts, listeners }),
  });
}

/** nginx that does not require certificates, a container with the socket, mode 666, a firewall, a loopback address. */
export function crowded(): Subject {
  const facts = hostFacts({}, dockerd("-H", "tcp://127.0.0.1:4243", "-H", "tcp://0.0.0.0:2377"));
  const listeners = [
    LOCAL,
    listener("127.0.0.1:4243", "dockerd"),
    listener("0.0.0.0:2377", "dockerd"),
    listener("0.0.0.0:2376", "nginx", "nginx.service"),
    listener("0.0.0.0:9000", "docker-proxy", "docker.service"),
    listener("[::]:80", "nginx", "nginx.service"),
  ];
  const filtered: Observation = { kind: "unreachable", cause: "timeout", detail: "ETIMEDOUT" };
  return subject({
    name: "build\u001b[31m",
    endpoints: [
      endpointReport({ none: ADMITTED, untrusted: ADMITTED }),
      endpointReport(
        {
          plain: filtered,
          none: filtered,
          line: filtered,
          untrusted: filtered,
          expired: filtered,
          "server-usage": filtered,
        },
        { endpoint: { host: "192.0.2.7", port: 2377 }, offer: null },
      ),
      closedEndpoint(),
    ],
    inside: inside({
      facts,
      listeners,
      modes: [{ path: "/var/run/docker.sock", kind: "socket", mode: "666", owner: "root:docker" }],
      containers: [
        {
          name: "portainer",
          image: "portainer/portainer-ce:2.19.4-alpine",
          mountsSocket: true,
          publishedPorts: [9000],
        },
      ],
    }),
  });
}

/** Only the inspection from outside. */
export function fromOutside(): Subject {
  return subject({
    name: "192.0.2.7:2376",
    endpoints: [endpointReport(), plain(2375), closedEndpoint(2377)],
    inside: null,
    insideMissing: "only an address was named",
  });
}

/** A client on a gateway's list. */
export function onList(name: string, role: string, state: GatewayClient["state"] = "active"): GatewayClient {
  return { name, role, state, expires: null, equalsRoot: role === "admin" };
}

/** A client list as the host has it. */
export function listed(...list: readonly GatewayClient[]): GatewayClients {
  return { known: true, from: "host", list };
}

/** One client of every kind. */
export const FEW_CLIENTS = listed(
  onList("bob@desk", "viewer"),
  onList("mallory@old-laptop", "admin", "revoked"),
  onList("anna@laptop", "admin"),
  onList("temp@agency", "viewer", "expired"),
);

/** More than a picture shows: 2 admins, 20 viewers, 2 revoked. */
export const MANY_CLIENTS = listed(
  ...Array.from({ length: 24 }, (_, at) => {
    const name = `user${String(at).padStart(2, "0")}@${at === 4 ? "a-name-that-is-longer-than-its-column" : "desk"}`;
    return onList(name, at % 10 === 4 ? "admin" : "viewer", at % 12 === 11 ? "revoked" : "active");
  }),
);

/** A line to a gateway on a host that was not inspected. */
export function gatewayFromOutside(): Subject {
  const report = endpointReport();
  const certificates = { ca: "", certificate: "", exposedKeys: [], fleets: [], waiting: [] };
  const line = { name: "web", endpoint: report.endpoint, mode: "gateway", ...certificates } as const;
  return { ...fromOutside(), name: "web", line, endpoints: [report] };
}
