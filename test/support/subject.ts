/** A healthy engine as the doctor sees it; each test changes what it needs. */
import type { EndpointReport, Inside, Subject } from "../../src/doctor/subject.ts";
import type { Caller, Observation, Probe } from "../../src/engine/index.ts";
import { hostFacts, NOW } from "./host-facts.ts";

const TLS = { version: "TLSv1.3", certificatePem: "" } as const;

/** What a dockerd with `--tlsverify` shows to each caller. */
const HEALTHY: Readonly<Partial<Record<Caller, Observation>>> = {
  plain: {
    kind: "answered",
    answer: { status: 400, body: "Client sent an HTTP request to an HTTPS server.\n" },
  },
  none: { kind: "tls-alert", alert: "certificate_required", stage: "after" },
  line: {
    kind: "answered",
    answer: { status: 200, apiVersion: "1.41", server: "Docker/20.10.24", body: "OK" },
    tls: TLS,
  },
  untrusted: { kind: "tls-alert", alert: "unknown_ca", stage: "after" },
  expired: { kind: "tls-alert", alert: "certificate_expired", stage: "after" },
  "server-usage": { kind: "tls-alert", alert: "bad_certificate", stage: "after" },
};

/** An answer of an open engine. */
export const OPEN: Observation = {
  kind: "answered",
  answer: { status: 200, apiVersion: "1.41", server: "Docker/20.10.24", body: "OK" },
};

/** Nothing listens. */
export const CLOSED: Observation = { kind: "unreachable", cause: "refused", detail: "ECONNREFUSED" };

/** An endpoint, healthy except for `changes`. */
export function endpointReport(
  changes: Partial<Record<Caller, Observation>> = {},
  rest: Partial<EndpointReport> = {},
): EndpointReport {
  const probes = Object.entries({ ...HEALTHY, ...changes }).map(
    ([caller, seen]) => ({ caller, seen }) as Probe,
  );
  return {
    endpoint: { host: "192.0.2.7", port: 2376 },
    serverName: "192.0.2.7",
    why: "line",
    probes,
    offer: { versions: ["TLSv1.2", "TLSv1.3"], weakCiphers: [] },
    ...rest,
  };
}

/** A port on which nothing listens. */
export function closedEndpoint(port = 2375): EndpointReport {
  const probes: Probe[] = [{ caller: "plain", seen: CLOSED }];
  return { ...endpointReport(), endpoint: { host: "192.0.2.7", port }, why: "default", probes, offer: null };
}

/** The inspection from inside of a host after `up`. */
export function inside(changes: Partial<Inside> = {}): Inside {
  return {
    facts: hostFacts(),
    listeners: [
      {
        address: "[::]:2376",
        port: 2376,
        holders: [{ pid: 42, command: "dockerd", unit: "docker.service" }],
      },
      {
        address: "/run/docker.sock",
        port: null,
        holders: [{ pid: 1, command: "systemd", unit: "init.scope" }],
      },
    ],
    modes: [
      { path: "/run/docker.sock", kind: "socket", mode: "660", owner: "root:docker" },
      { path: "/etc/tetherdock/server-key.pem", kind: "key", mode: "600", owner: "root:root" },
    ],
    dockerGroup: [],
    sudoers: [],
    containers: [],
    components: [],
    fleet: { list: null, process: null },
    needDaemonReload: false,
    unitCommandLine: ["/usr/sbin/dockerd", "-H", "fd://"],
    certificates: [],
    firewall: [],
    ...changes,
  };
}

/** Our gateway's refusal of a certificate from the line's CA that is not on its client list. */
export const NOT_LISTED: Observation = {
  kind: "answered",
  answer: { status: 403, server: "tetherdock", body: '{"message":"this client is not on the list"}' },
  tls: TLS,
};

/** A complete subject, healthy except for `changes`. */
export function subject(changes: Partial<Subject> = {}): Subject {
  return {
    name: "web",
    now: NOW,
    endpoints: [endpointReport(), closedEndpoint()],
    inside: inside(),
    insideMissing: null,
    line: null,
    ...changes,
  };
}
