import { expect, test } from "vitest";
import { dockerSocket, hostFacts } from "../../test/support/host-facts.ts";
import { closedEndpoint, endpointReport, inside, subject } from "../../test/support/subject.ts";
import {
  crowded,
  fromOutside,
  listener,
  madeByGateway,
  madeByUp,
  pitfall1,
} from "../../test/support/topology-subjects.ts";
import { topologyOf } from "./graph.ts";
import { matrixOf } from "./matrix.ts";
import { worstAccess } from "./topology.ts";

test("a socket of systemd goes through its unit, one of dockerd goes directly", () => {
  const { entrances } = topologyOf(madeByUp());
  expect(entrances.map(({ addresses, via, hop }) => [addresses[0], via?.detail ?? null, hop])).toEqual([
    ["/run/docker.sock", "docker.socket", "fd://"],
    ["[::]:2376", null, ""],
    ["0.0.0.0:22", "shell, or ssh://", "unix"],
  ]);
  expect(entrances.map(worstAccess)).toEqual(["guarded", "guarded", "guarded"]);
});

test("a gateway is in between, and continues over docker's local socket", () => {
  const { entrances } = topologyOf(madeByGateway());
  expect(entrances.map(({ via, hop }) => [via?.name, via?.detail, hop])).toContainEqual([
    "systemd > gateway",
    "tetherdock-gateway.socket",
    "unix",
  ]);
  expect(matrixOf(madeByGateway()).flatMap(({ listeners }) => listeners)).toEqual([]);
});

test("pitfall 1: only anybody → docker-tcp.socket → fd:// is open", () => {
  const open = topologyOf(pitfall1()).entrances.filter((entrance) => worstAccess(entrance) === "open");
  expect(open).toMatchObject([
    { addresses: ["[::]:2375"], via: { name: "systemd", detail: "docker-tcp.socket" }, hop: "fd://" },
  ]);
});

test("listeners that are not the API are left out: a web server, dockerd's other ports and sockets", () => {
  const facts = hostFacts({}, { commandLine: ["/usr/sbin/dockerd", "-H", "fd://"] });
  const listeners = [
    listener("0.0.0.0:80", "nginx"),
    listener("[::]:7946", "dockerd"),
    listener("/run/docker/metrics.sock", "dockerd"),
  ];
  const { entrances } = topologyOf(subject({ endpoints: [], inside: inside({ facts, listeners }) }));
  expect(entrances.map(({ addresses }) => addresses)).toEqual([["/run/docker.sock"]]);
});

test("a daemon without any -H listens on its default socket", () => {
  const facts = hostFacts({}, { commandLine: ["dockerd"], sockets: [] });
  const listeners = [listener("/var/run/docker.sock", "dockerd")];
  const { entrances } = topologyOf(subject({ endpoints: [], inside: inside({ facts, listeners }) }));
  expect(entrances).toMatchObject([{ addresses: ["/run/docker.sock"], via: null, transport: "unix" }]);
});

test("a port on both IPv4 and IPv6 is one entrance", () => {
  const facts = hostFacts({}, { commandLine: ["dockerd", "-H", "tcp://:2376"], sockets: [] });
  const listeners = [listener("0.0.0.0:2376", "dockerd"), listener("[::]:2376", "dockerd")];
  const { entrances } = topologyOf(subject({ inside: inside({ facts, listeners }) }));
  expect(entrances.map(({ addresses }) => addresses)).toEqual([["0.0.0.0:2376", "[::]:2376"]]);
});

test("a port is as open as its most open address", () => {
  const [good, open] = [endpointReport(), ...pitfall1().endpoints];
  const six = open && { ...open, endpoint: { host: "2001:db8::7", port: 2376 } };
  const { entrances } = topologyOf({ ...madeByUp(), endpoints: six ? [good, six] : [] });
  expect(entrances.find(({ transport }) => transport === "tcp")?.ways[0]?.access).toBe("open");
});

test("inactive socket units open nothing", () => {
  const facts = hostFacts({}, { sockets: [{ ...dockerSocket, active: false }], commandLine: [] });
  const { entrances, daemon } = topologyOf(
    subject({
      endpoints: [],
      inside: inside({
        facts: { ...facts, engine: null, service: { ...facts.service, active: false } },
        listeners: [],
      }),
    }),
  );
  expect(entrances).toEqual([]);
  expect(daemon).toBe("not running");
});

test("from outside only, every endpoint that answers is shown, with an unknown holder", () => {
  const { entrances, closed } = topologyOf(fromOutside());
  expect(entrances.map(({ via, hop, ways }) => [via?.name, hop, ways[0]?.access])).toEqual([
    ["?", "?", "guarded"],
    ["?", "?", "open"],
  ]);
  expect(closed).toEqual(["192.0.2.7:2377"]);
});

test("a port that refuses is closed, one behind a firewall is blocked", () => {
  const { entrances, closed } = topologyOf(crowded());
  expect(closed).toEqual(["192.0.2.7:2375"]);
  const blocked = entrances.filter((entrance) => worstAccess(entrance) === "blocked");
  expect(blocked.map(({ addresses }) => addresses)).toEqual([["0.0.0.0:2377"]]);
  const refused = topologyOf({ ...madeByUp(), endpoints: [closedEndpoint(2376)] });
  expect(refused.entrances[1]?.ways).toEqual([
    { who: "nobody", access: "blocked", says: "refused from here" },
  ]);
});

test("an endpoint without a route from here is not closed but unreached", () => {
  const seen = { kind: "unreachable", cause: "no-route", detail: "ENETUNREACH" } as const;
  const report = { ...closedEndpoint(2375), probes: [{ caller: "plain", seen } as const] };
  const { closed, unreached } = topologyOf({ ...madeByUp(), endpoints: [report] });
  expect({ closed, unreached }).toEqual({ closed: [], unreached: ["192.0.2.7:2375"] });
});

test("of many containers only the first ones are listed", () => {
  const containers = Array.from({ length: 9 }, (_, at) => ({
    name: `c${at}`,
    image: "tiny",
    mountsSocket: true,
    publishedPorts: [],
  }));
  const [local] = topologyOf(subject({ inside: inside({ containers }) })).entrances;
  expect(local?.ways).toHaveLength(7);
  expect(local?.ways.at(-1)?.who).toBe("4 more containers");
});
