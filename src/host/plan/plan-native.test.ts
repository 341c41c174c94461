import { beforeAll, describe, expect, test } from "vitest";
import {
  daemonJson,
  dockerSocket,
  hostFacts,
  listening,
  NOW,
  tcpSocket,
  vendorUnit,
} from "../../../test/support/host-facts.ts";
import type { HostFacts } from "../../facts/index.ts";
import { issueServer, makeAuthority, makeKeyPair, normaliseNames, openAuthority } from "../../pki/index.ts";
import type { Plan } from "./change.ts";
import type { DesiredState } from "./desired-state.ts";
import { planNative } from "./plan-native.ts";
import { surveyHost } from "./survey.ts";

const FLAGS =
  "--host=tcp://0.0.0.0:2376 --tlsverify --tlscacert=/etc/tetherdock/ca.pem --tlscert=/etc/tetherdock/server-cert.pem --tlskey=/etc/tetherdock/server-key.pem";
const DROP_IN = "/etc/systemd/system/docker.service.d/zz-tetherdock.conf";
const names = normaliseNames(["192.0.2.7", "web1"]);
let desired: DesiredState;
let ours: HostFacts["ours"];

function plan(facts: HostFacts, more: Partial<DesiredState> = {}): Plan {
  return planNative(facts, surveyHost(facts, NOW), { ...desired, ...more });
}

const written = ({ changes }: Plan, path: string) =>
  changes.flatMap((change) => (change.kind === "write" && change.path === path ? [change.after] : [])).join();
const lineOf = (made: Plan) => written(made, DROP_IN).trim().split("\n").at(-1);
const codeOf = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "nothing thrown";
};

/** The facts after the plan was carried out. */
function carriedOut(facts: HostFacts, made: Plan): HostFacts {
  const file = (path: string, text: string) => ({ path, mode: "644", owner: "0:0", text });
  const files = new Map(ours.files);
  const dropIn = written(made, DROP_IN);
  if (dropIn) files.set(DROP_IN, file(DROP_IN, dropIn));
  const units = [...facts.service.units, ...(dropIn ? [{ path: DROP_IN, text: dropIn }] : [])];
  const json = written(made, facts.daemonJson.path);
  return {
    ...facts,
    ours: { ...ours, files },
    service: { ...facts.service, units },
    sockets: facts.sockets.filter(({ unit }) => !made.stopSockets.includes(unit)),
    listeners: listening([2376], "dockerd"),
    commandLine: FLAGS.split(" "),
    daemonJson: json ? daemonJson(json) : facts.daemonJson,
  };
}

beforeAll(async () => {
  const stored = await makeAuthority({ subject: "test", now: NOW });
  const authority = await openAuthority(stored);
  const { publicKey } = makeKeyPair();
  const certificate = await issueServer(authority, { publicKey, names, now: NOW });
  desired = {
    port: 2376,
    names,
    ca: stored.certificate,
    caReason: null,
    isCaMade: false,
    replaceTls: false,
    forceRestart: false,
    gateway: null,
    plainPorts: new Set(),
    now: NOW,
  };
  const files = { "ca.pem": stored.certificate, "server-cert.pem": certificate };
  const facts = Object.entries(files).map(([name, text]) => {
    const path = `/etc/tetherdock/${name}`;
    return [path, { path, mode: "644", owner: "0:0", text }] as const;
  });
  ours = { files: new Map(facts), publicKey };
});

describe("planNative() chooses the place for the flags", () => {
  const upstream = "/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock";
  const env = (text: string) => [{ path: "/etc/default/docker", mode: "644", owner: "0:0", text }];
  const json =
    '{\n    "hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2375"],\n    "debug": true\n}\n';
  const rows: [string, HostFacts, string][] = [
    ["$DOCKER_OPTS where it is free", hostFacts(), `Environment="DOCKER_OPTS=${FLAGS}"`],
    [
      "ExecStart without $DOCKER_OPTS",
      hostFacts({ units: [vendorUnit(upstream)] }),
      `ExecStart=/usr/bin/dockerd --containerd=/run/containerd/containerd.sock --host=fd:// ${FLAGS}`,
    ],
    [
      "ExecStart where somebody sets $DOCKER_OPTS",
      hostFacts({ environmentFiles: env('DOCKER_OPTS="--label a=b"') }),
      `ExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS --host=fd:// ${FLAGS}`,
    ],
    [
      "ExecStart without the plain port of $DOCKER_OPTS",
      hostFacts({ environmentFiles: env('DOCKER_OPTS="-H tcp://0.0.0.0:2375 --label a=b"') }),
      `ExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock --label a=b --host=fd:// ${FLAGS}`,
    ],
    [
      "ExecStart without -H in a unit with -H beside `hosts`",
      hostFacts({}, { daemonJson: daemonJson(json) }),
      "ExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS",
    ],
    [
      "a local socket where there was only TCP",
      hostFacts({ units: [vendorUnit("/usr/bin/dockerd -H tcp://:2375")] }, { sockets: [] }),
      `ExecStart=/usr/bin/dockerd --host=unix:///var/run/docker.sock ${FLAGS}`,
    ],
    [
      "ExecStart where $X is the value of a flag",
      hostFacts({
        units: [vendorUnit("/usr/bin/dockerd -H $X --label $Y")],
        environmentFiles: env("X=tcp://:2375\nY=a\n"),
      }),
      `ExecStart=/usr/bin/dockerd --label $Y --host=fd:// ${FLAGS}`,
    ],
    [
      "ExecStart where a variable is a part of a word",
      hostFacts({
        units: [vendorUnit(`/usr/bin/dockerd -H fd:// -H tcp://\${X}:2375 --label=\${X} $DOCKER_OPTS`)],
        environmentFiles: env("X=0.0.0.0\nDOCKER_OPTS=-D\n"),
      }),
      `ExecStart=/usr/bin/dockerd --label=\${X} $DOCKER_OPTS --host=fd:// ${FLAGS}`,
    ],
    [
      "ExecStart where DOCKER_OPTS in braces would be one word",
      hostFacts({ units: [vendorUnit(`/usr/bin/dockerd -H unix://%t/d.sock \${DOCKER_OPTS}`)] }),
      `ExecStart=/usr/bin/dockerd \${DOCKER_OPTS} --host=unix:///run/d.sock ${FLAGS}`,
    ],
    [
      "ExecStart with what a variable says beside -H written so that it means the same",
      hostFacts({ environmentFiles: env("DOCKER_OPTS='-H tcp://:2375 --label=100%t$$x'\n") }),
      `ExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock --label=100%%t$$$$x --host=fd:// ${FLAGS}`,
    ],
  ];
  test.each(rows)("%s", (_, facts, line) => {
    expect(lineOf(plan(facts))).toBe(line);
  });
  test.each(rows)("%s: planned again, nothing is left to do", (_, facts) => {
    const again = plan(carriedOut(facts, plan(facts)));
    expect(again.changes).toEqual([]);
    expect(again.restart).toBe(false);
  });
  test("`hosts` in daemon.json keeps the local socket, loses plain TCP, gains TLS; the rest stays", () => {
    const made = plan(
      hostFacts({ units: [vendorUnit("/usr/bin/dockerd")] }, { daemonJson: daemonJson(json) }),
    );
    expect(JSON.parse(written(made, "/etc/docker/daemon.json"))).toEqual({
      debug: true,
      hosts: ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376"],
      tlsverify: true,
      tlscacert: "/etc/tetherdock/ca.pem",
      tlscert: "/etc/tetherdock/server-cert.pem",
      tlskey: "/etc/tetherdock/server-key.pem",
    });
    expect(written(made, "/etc/docker/daemon.json")).toMatch(/^\{\n {4}"debug"/);
    expect(made.closedPorts).toEqual([2375]);
    expect(made.exposedPorts).toEqual([2375]);
  });
  test("TLS settings in daemon.json without `hosts` move to the flags; the rest stays, in whatever order", () => {
    const text = '{\n\t"tlsverify": true,\n\t"mtu": 1400,\n\t"debug": true,\n\t"tlscacert": "/x"\n}\n';
    const facts = hostFacts({}, { daemonJson: daemonJson(text) });
    const made = plan(facts, { replaceTls: true });
    expect(written(made, "/etc/docker/daemon.json")).toBe('{\n\t"mtu": 1400,\n\t"debug": true\n}\n');
    const again = plan(carriedOut(facts, made));
    expect(again.changes).toEqual([]);
  });
  test("a daemon.json without `hosts` and TLS does not change, nor does one whose settings are in another order", () => {
    const plain = hostFacts({}, { daemonJson: daemonJson('{"debug":true}') });
    expect(written(plan(plain), "/etc/docker/daemon.json")).toBe("");
    const first = hostFacts({ units: [vendorUnit("/usr/bin/dockerd")] }, { daemonJson: daemonJson(json) });
    const settings = JSON.parse(written(plan(first), "/etc/docker/daemon.json"));
    const turned = JSON.stringify(Object.fromEntries(Object.entries(settings).toReversed()));
    const again = hostFacts({ units: [vendorUnit("/usr/bin/dockerd")] }, { daemonJson: daemonJson(turned) });
    expect(written(plan(again), "/etc/docker/daemon.json")).toBe("");
  });
  test("`hosts` together with the unit's -H opens nothing, because dockerd does not start, unless it was seen to answer", () => {
    const facts = hostFacts({}, { daemonJson: daemonJson(json) });
    expect(plan(facts)).toMatchObject({ exposedPorts: [], closedPorts: [2375] });
    expect(plan(facts, { plainPorts: new Set([2375]) }).exposedPorts).toEqual([2375]);
  });
});

describe("planNative() removes TCP from systemd", () => {
  test.each([2375, 2376])("docker-tcp.socket on %d is stopped, disabled and removed", (port) => {
    const made = plan(
      hostFacts({}, { sockets: [dockerSocket, tcpSocket(port)], listeners: listening([port]) }),
    );
    expect(made.stopSockets).toEqual(["docker-tcp.socket"]);
    expect(made.changes.filter(({ kind }) => kind === "remove").map(({ path }) => path)).toEqual([
      "/etc/systemd/system/sockets.target.wants/docker-tcp.socket",
      "/etc/systemd/system/docker-tcp.socket",
    ]);
    expect(made.exposedPorts).toEqual([port]);
  });
  test("a vendor's TCP socket unit is masked", () => {
    const socket = tcpSocket();
    const units = socket.units.map((unit) => ({
      ...unit,
      path: "/usr/lib/systemd/system/docker-tcp.socket",
    }));
    const made = plan(hostFacts({}, { sockets: [{ ...socket, units, links: [] }] }));
    expect(made.changes).toContainEqual(expect.objectContaining({ kind: "link", target: "/dev/null" }));
  });
  test("docker.socket keeps its local socket if somebody added TCP to it", () => {
    const extra = {
      path: "/etc/systemd/system/docker.socket.d/tcp.conf",
      text: "[Socket]\nListenStream=2375\nListenStream=/run/other.sock\n",
    };
    const socket = {
      ...dockerSocket,
      units: [...dockerSocket.units, extra],
      listens: ["/run/docker.sock", "/run/other.sock", "[::]:2375"],
    };
    const made = plan(hostFacts({}, { sockets: [socket] }));
    expect(made.restartSockets).toEqual(["docker.socket"]);
    expect(written(made, "/etc/systemd/system/docker.socket.d/zz-tetherdock.conf")).toMatch(
      /ListenStream=\nListenStream=\/run\/docker\.sock\nListenStream=\/run\/other\.sock\n$/,
    );
  });
});

describe("planNative() refuses", () => {
  const foreign =
    "/usr/sbin/dockerd -H fd:// -H tcp://0.0.0.0:2376 --tlsverify --tlscacert=/etc/docker/tls/ca.pem";
  test("somebody else's TLS, unless told to replace it", () => {
    const facts = hostFacts({ units: [vendorUnit(foreign)] });
    expect(codeOf(() => plan(facts))).toBe("HOST_TLS_FOREIGN");
    expect(lineOf(plan(facts, { replaceTls: true }))).toBe(
      `ExecStart=/usr/sbin/dockerd --host=fd:// ${FLAGS}`,
    );
  });
  test("more TCP ports than can be probed", () => {
    const sockets = Array.from({ length: 17 }, (_, at) => tcpSocket(3000 + at));
    expect(codeOf(() => plan(hostFacts({}, { sockets })))).toBe("UNIT_UNREADABLE");
    expect(codeOf(() => plan(hostFacts({}, { sockets: sockets.slice(1) })))).not.toBe("UNIT_UNREADABLE");
  });
  test("not TLS that up has already replaced", () => {
    const facts = hostFacts({ units: [vendorUnit(foreign)] });
    const again = plan(carriedOut(facts, plan(facts, { replaceTls: true })));
    expect(again).toMatchObject({ changes: [], restart: false });
  });
  test("not TLS that is only configured: pitfall 2", () => {
    const claimed = "/usr/sbin/dockerd -H fd:// --tlsverify --tlscacert=/etc/docker/tls/ca.pem";
    const facts = hostFacts({ units: [vendorUnit(claimed)] }, { sockets: [tcpSocket(2376)] });
    expect(codeOf(() => plan(facts))).toBe("HOST_TLS_FOREIGN");
    expect(plan(facts, { plainPorts: new Set([2376]) }).exposedPorts).toEqual([2376]);
  });
  test.each<[string, HostFacts]>([
    ["PORT_TAKEN", hostFacts({}, { listeners: listening([2376]) })],
    ["DAEMON_JSON_BROKEN", hostFacts({}, { daemonJson: daemonJson('{\n  "debug": true,\n}') })],
    ["DAEMON_JSON_BROKEN", hostFacts({}, { daemonJson: daemonJson("[]") })],
    ["DOCKER_MISSING", hostFacts({ loadState: "not-found" })],
    ["DOCKER_MASKED", hostFacts({ loadState: "masked" })],
    ["HOST_CLOCK_OFF", hostFacts({}, { clockMs: NOW + 3_600_000 })],
    ["HOST_DISK_FULL", hostFacts({}, { freeKiB: [1_000_000, 12] })],
    ["HOST_NO_SYSTEMD", hostFacts({}, { hasSystemd: false })],
    ["HOST_TOOL_MISSING", hostFacts({}, { tools: new Set(["docker", "sha256sum"]) })],
    ["UNIT_UNREADABLE", hostFacts({ units: [{ path: "/x", text: "[Service]\nType=notify\n" }] })],
  ])("%s", (code, facts) => {
    expect(codeOf(() => plan(facts))).toBe(code);
  });
});

describe("planNative() warns", () => {
  const containers = [
    { name: "web", restart: "no" },
    { name: "db", restart: "always" },
  ];
  test("about containers that a restart stops, by name, and about live-restore", () => {
    const warnings = plan(hostFacts({}, { containers })).warnings.join("\n");
    expect(warnings).toMatch(/not started again: web\n.*starts 1 running container: db\n.*live-restore/);
  });
  test("not if live-restore is on", () => {
    const engine = { version: "20.10.24", liveRestore: true };
    expect(plan(hostFacts({}, { containers, engine })).warnings).toEqual([]);
  });
});
