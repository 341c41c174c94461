/** Runs all inside checks on one staged subject: the exact findings, since one cause should have one finding. */
import { runChecks } from "../../src/doctor/check.ts";
import { insideChecks } from "../../src/doctor/checks/inside/index.ts";
import type { EndpointReport, Inside, Subject } from "../../src/doctor/subject.ts";
import type { Observation } from "../../src/engine/index.ts";
import type { HostFacts, ListenerFact } from "../../src/facts/index.ts";
import { hostFacts } from "./host-facts.ts";
import { closedEndpoint, endpointReport, OPEN, subject } from "./subject.ts";

export type Finding = `${string} ${string}`;

/** `severity id where`, sorted. */
export function findings(changes: Partial<Subject>): Finding[] {
  return runChecks(insideChecks, subject(changes))
    .flatMap((result) =>
      result.outcome === "failed"
        ? result.problems.map(
            ({ severity, where }): Finding =>
              `${severity ?? result.check.severity} ${result.check.id} ${where}`,
          )
        : [],
    )
    .sort();
}

export const dockerd = { pid: 42, command: "dockerd", unit: "docker.service" };
export const systemd = { pid: 1, command: "systemd", unit: "init.scope" };
export const nginx = { pid: 7, command: "nginx", unit: "nginx.service" };

export const listener = (port: number, holders: ListenerFact["holders"], host = "[::]"): ListenerFact => ({
  address: `${host}:${port}`,
  port,
  holders,
});

/** An endpoint that answers plain HTTP as Docker. */
export const plain = (port: number): EndpointReport =>
  endpointReport({ plain: OPEN }, { endpoint: { host: "192.0.2.7", port }, why: "default", offer: null });
const lost = { kind: "unreachable", cause: "timeout", detail: "ETIMEDOUT" } satisfies Observation;
export const unreachable = (
  port: number,
  why: EndpointReport["why"] = "line",
  seen: Observation = lost,
): EndpointReport => ({
  ...closedEndpoint(port),
  why,
  probes: [{ caller: "plain", seen }],
});

export const TLS_FLAGS = ["--tlsverify", "--tlscacert=/c", "--tlscert=/s", "--tlskey=/k"];
export const line: NonNullable<Subject["line"]> = {
  name: "web",
  endpoint: { host: "192.0.2.7", port: 2376 },
  mode: "native",
  ca: "",
  certificate: "",
  exposedKeys: [],
  fleets: [],
  waiting: [],
};

/** Facts with dockerd started according to its unit. */
export function running(
  words: readonly string[],
  rest: Partial<Omit<HostFacts, "service">> = {},
): Partial<Inside> {
  const command = ["/usr/sbin/dockerd", ...words];
  return { unitCommandLine: command, facts: hostFacts({}, { commandLine: command, ...rest }) };
}

export type Row = readonly [name: string, changes: Partial<Subject>, expected: readonly Finding[]];
