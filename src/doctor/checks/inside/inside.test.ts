/** What each host is found to be from inside: the exact findings of all inside checks, since one cause is to have one. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  daemonJson,
  dockerSocket,
  hostFacts,
  NOW,
  tcpSocket,
  vendorUnit,
} from "../../../../test/support/host-facts.ts";
import {
  CLOSED,
  closedEndpoint,
  endpointReport,
  inside,
  OPEN,
  subject,
} from "../../../../test/support/subject.ts";
import { MINUTE_MS } from "../../../base/index.ts";
import type { Observation } from "../../../engine/index.ts";
import type { HostFacts } from "../../../facts/index.ts";
import { issueServer, makeAuthority, makeKeyPair, openAuthority, parseName } from "../../../pki/index.ts";
import { runChecks } from "../../check.ts";
import type { EndpointReport, Inside, ListenerFact, Subject } from "../../subject.ts";
import { insideChecks } from "./index.ts";

type Finding = `${string} ${string}`;

/** `severity id where`, sorted. */
function findings(changes: Partial<Subject>): Finding[] {
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

const dockerd = { pid: 42, command: "dockerd", unit: "docker.service" };
const systemd = { pid: 1, command: "systemd", unit: "init.scope" };
const nginx = { pid: 7, command: "nginx", unit: "nginx.service" };

const listener = (port: number, holders: ListenerFact["holders"], host = "[::]"): ListenerFact => ({
  address: `${host}:${port}`,
  port,
  holders,
});

/** An endpoint that answers plain HTTP as Docker. */
const plain = (port: number): EndpointReport =>
  endpointReport({ plain: OPEN }, { endpoint: { host: "192.0.2.7", port }, why: "default", offer: null });
const lost: Observation = { kind: "unreachable", cause: "timeout", detail: "ETIMEDOUT" };
const unreachable = (port: number, why: EndpointReport["why"] = "line", seen = lost): EndpointReport => ({
  ...closedEndpoint(port),
  why,
  knocks: [{ kind: "plain", seen }],
});

const TLS_FLAGS = ["--tlsverify", "--tlscacert=/c", "--tlscert=/s", "--tlskey=/k"];
const line: NonNullable<Subject["line"]> = {
  name: "web",
  endpoint: { host: "192.0.2.7", port: 2376 },
  mode: "native",
  ca: "",
  certificate: "",
  exposedKeys: [],
};

/** Facts with dockerd started as its unit says. */
function running(words: readonly string[], rest: Partial<Omit<HostFacts, "service">> = {}): Partial<Inside> {
  const command = ["/usr/sbin/dockerd", ...words];
  return { unitCommandLine: command, facts: hostFacts({}, { commandLine: command, ...rest }) };
}

type Row = readonly [name: string, changes: Partial<Subject>, expected: readonly Finding[]];

const listeners: Row[] = [
  ["a host that up made", {}, []],
  [
    "pitfall 1: api-without-tls says it all",
    {
      inside: inside({
        facts: hostFacts({}, { sockets: [dockerSocket, tcpSocket()] }),
        listeners: [listener(2375, [systemd, dockerd])],
      }),
      endpoints: [plain(2375)],
    },
    [],
  ],
  [
    "pitfall 2: the flags say TLS",
    {
      inside: inside({
        ...running(["-H", "fd://", ...TLS_FLAGS], { sockets: [dockerSocket, tcpSocket(2376)] }),
        listeners: [listener(2376, [systemd, dockerd])],
      }),
      endpoints: [plain(2376)],
    },
    ["critical tls-flags-not-applied docker-tcp.socket"],
  ],
  [
    "a socket unit whose daemon does apply TLS",
    {
      inside: inside({
        ...running(["-H", "fd://", ...TLS_FLAGS], { sockets: [dockerSocket, tcpSocket(2376)] }),
        listeners: [listener(2376, [systemd, dockerd])],
      }),
    },
    ["medium tcp-by-systemd docker-tcp.socket"],
  ],
  [
    "a socket unit that waits for the next boot",
    {
      inside: inside({
        facts: hostFacts({}, { sockets: [dockerSocket, { ...tcpSocket(), active: false }] }),
      }),
    },
    ["medium tcp-by-systemd docker-tcp.socket"],
  ],
  [
    "a socket unit that nothing starts",
    {
      inside: inside({
        facts: hostFacts({}, { sockets: [dockerSocket, { ...tcpSocket(), active: false, links: [] }] }),
      }),
    },
    [],
  ],
  [
    "nginx in front lets everybody in, dockerd's flags are not at fault",
    {
      inside: inside({ ...running(["-H", "fd://", ...TLS_FLAGS]), listeners: [listener(2375, [nginx])] }),
      endpoints: [plain(2375)],
    },
    ["high api-port-held-by-other TCP 2375"],
  ],
  [
    "somebody else's service where dockerd is to listen keeps it down",
    {
      inside: inside({
        unitCommandLine: ["/usr/sbin/dockerd", "-H", "tcp://0.0.0.0:2376"],
        facts: hostFacts({ active: false }, { commandLine: [], sockets: [] }),
        listeners: [listener(2376, [nginx])],
      }),
      endpoints: [closedEndpoint(2376)],
    },
    ["medium api-port-held-by-other TCP 2376"],
  ],
  [
    "somebody else's service on a port that nobody wants for docker",
    { inside: inside({ listeners: [listener(2376, [nginx])] }), endpoints: [closedEndpoint(2376)] },
    [],
  ],
  [
    "the line's port is another's, on loopback",
    {
      inside: inside({ listeners: [listener(2376, [nginx], "127.0.0.1")] }),
      endpoints: [unreachable(2376, "line", CLOSED)],
      line,
    },
    ["medium api-port-held-by-other TCP 2376"],
  ],
  [
    "a firewall in between",
    { endpoints: [unreachable(2376)], line },
    ["medium listening-not-reachable 192.0.2.7:2376"],
  ],
  [
    "the same on a port nobody asked about",
    { endpoints: [unreachable(2376, "default")] },
    ["info listening-not-reachable 192.0.2.7:2376"],
  ],
  [
    "IPv6 does not reach a listener of IPv4",
    {
      inside: inside({ listeners: [listener(2376, [dockerd], "0.0.0.0")] }),
      endpoints: [{ ...unreachable(2376), endpoint: { host: "2001:db8::7", port: 2376 } }],
    },
    [],
  ],
  [
    "for the host itself only",
    {
      inside: inside({ listeners: [listener(2376, [dockerd], "127.0.0.1")] }),
      endpoints: [unreachable(2376, "line", CLOSED)],
      line,
    },
    ["medium listening-on-loopback-only 192.0.2.7:2376"],
  ],
];

const service: Row[] = [
  [
    "not installed",
    {
      inside: inside({
        facts: hostFacts({ active: false, loadState: "not-found", units: [] }, { sockets: [] }),
      }),
    },
    ["medium docker-not-running docker.service"],
  ],
  [
    "masked, its socket too",
    { inside: inside({ facts: hostFacts({ active: false, loadState: "masked" }) }) },
    ["medium docker-not-running docker.service"],
  ],
  [
    "started on demand",
    {
      inside: inside({ facts: hostFacts({ active: false, unitFileState: "disabled" }, { commandLine: [] }) }),
    },
    [],
  ],
  [
    "its own TCP, and not enabled",
    {
      inside: inside({
        ...running(["-H", "tcp://0.0.0.0:2376"]),
        facts: hostFacts(
          { unitFileState: "disabled" },
          { commandLine: ["/usr/sbin/dockerd", "-H", "tcp://0.0.0.0:2376"] },
        ),
      }),
    },
    ["medium docker-not-enabled docker.service"],
  ],
  [
    "hosts in both places keeps it down: one finding",
    {
      inside: inside({
        facts: hostFacts(
          { active: false },
          { daemonJson: daemonJson('{"hosts": ["fd://"]}'), sockets: [], commandLine: [] },
        ),
      }),
    },
    ["medium settings-in-two-places /etc/docker/daemon.json"],
  ],
  [
    "daemon.json broken, daemon down: one finding",
    {
      inside: inside({
        facts: hostFacts({ active: false }, { daemonJson: daemonJson("{"), sockets: [], commandLine: [] }),
      }),
    },
    ["medium daemon-json-broken /etc/docker/daemon.json"],
  ],
  [
    "the unit has got flags that the daemon does not run with",
    { inside: inside({ unitCommandLine: ["/usr/sbin/dockerd", "-H", "fd://", "--tlsverify"] }) },
    ["medium daemon-older-than-unit docker.service"],
  ],
  [
    "units wait for a reload",
    { inside: inside({ needDaemonReload: true }) },
    ["medium daemon-older-than-unit docker.service"],
  ],
  [
    "a file wins over the drop-in's DOCKER_OPTS",
    {
      inside: inside({
        facts: hostFacts({
          units: [
            vendorUnit(),
            { path: "/etc/d/tls.conf", text: "[Service]\nEnvironment='DOCKER_OPTS=--tlsverify'\n" },
          ],
          environmentFiles: [
            { path: "/etc/default/docker", mode: "644", owner: "0:0", text: "DOCKER_OPTS=--debug\n" },
          ],
        }),
      }),
    },
    ["medium docker-opts-without-effect /etc/d/tls.conf"],
  ],
  [
    "DOCKER_OPTS where the unit does not expand it",
    {
      inside: inside({
        facts: hostFacts({
          units: [
            vendorUnit("/usr/bin/dockerd -H fd://"),
            { path: "/etc/d/o.conf", text: "[Service]\nEnvironment=DOCKER_OPTS=--debug\n" },
          ],
        }),
      }),
    },
    ["low docker-opts-without-effect /etc/d/o.conf"],
  ],
  [
    "DOCKER_OPTS that up has written out",
    {
      inside: inside({
        facts: hostFacts({
          units: [
            vendorUnit(),
            {
              path: "/etc/systemd/system/docker.service.d/zz-tetherdock.conf",
              text: "[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd://\n",
            },
          ],
          environmentFiles: [
            {
              path: "/etc/default/docker",
              mode: "644",
              owner: "0:0",
              text: "DOCKER_OPTS='-H tcp://:2375'\n",
            },
          ],
        }),
      }),
    },
    [],
  ],
  [
    "a clock six minutes ahead",
    { inside: inside({ facts: hostFacts({}, { clockMs: NOW + 6 * MINUTE_MS }) }) },
    ["medium clock-off clock"],
  ],
  [
    "a clock four minutes behind",
    { inside: inside({ facts: hostFacts({}, { clockMs: NOW - 4 * MINUTE_MS }) }) },
    [],
  ],
  ["no clock", { inside: inside({ facts: hostFacts({}, { clockMs: Number.NaN }) }) }, []],
  [
    "disk full",
    { inside: inside({ facts: hostFacts({}, { freeKiB: [0, 1_000_000] }) }) },
    ["medium disk-full /etc, /var/lib"],
  ],
  ...(
    [
      ["pending", false, "medium"],
      ["pending", true, "info"],
      ["confirmed", false, null],
    ] as const
  ).map(
    ([state, ownerAlive, severity]): Row => [
      `a change that is ${state}, its owner alive: ${ownerAlive}`,
      {
        inside: inside({
          facts: hostFacts(
            {},
            { transactions: [{ number: 3, state, ownerAlive, about: null, entries: [] }] },
          ),
        }),
      },
      severity ? [`${severity} unconfirmed-change change 3`] : [],
    ],
  ),
];

const KEY = "/etc/docker/tls/key.pem";
const key = (mode: string, owner = "root:root", folder = "755"): Partial<Subject> => ({
  inside: inside({
    modes: [
      { path: KEY, kind: "key", mode, owner },
      { path: "/etc/docker/tls", kind: "directory", mode: folder, owner: "root:root" },
    ],
  }),
});
const spy = { name: "spy", image: "i", mountsSocket: true, publishedPorts: [2375] };
const plugins = (version: string): Partial<Subject> => ({
  inside: inside(running(["--authorization-plugin=opa"], { engine: { version, liveRestore: false } })),
});
const pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";

const rights: Row[] = [
  ["a key for root alone", key("600"), []],
  ["a key for everybody", key("644"), [`high key-mode ${KEY}`]],
  ["a key for everybody behind a closed door", key("644", "root:root", "700"), []],
  ["a key for a group", key("640", "root:ssl-cert"), [`high key-mode ${KEY}`]],
  ["a key for root's group", key("640"), []],
  ["somebody else's key", key("600", "ann:root"), [`high key-mode ${KEY}`]],
  [
    "a socket for everybody",
    {
      inside: inside({
        modes: [{ path: "/run/docker.sock", kind: "socket", mode: "666", owner: "root:docker" }],
      }),
    },
    ["high docker-socket-mode /run/docker.sock"],
  ],
  [
    "reading alone connects nobody",
    {
      inside: inside({
        modes: [{ path: "/run/docker.sock", kind: "socket", mode: "664", owner: "root:docker" }],
      }),
    },
    [],
  ],
  [
    "a member of the group",
    { inside: inside({ dockerGroup: ["ann"] }) },
    ["low docker-group-members group docker"],
  ],
  ["members who have sudo", { inside: inside({ dockerGroup: ["core"], sudoers: ["core"] }) }, []],
  [
    "a container with the socket",
    { inside: inside({ containers: [{ ...spy, publishedPorts: [] }] }) },
    ["high container-mounts-socket container spy"],
  ],
  [
    "a container that publishes the socket",
    {
      inside: inside({
        containers: [spy],
        listeners: [listener(2375, [{ pid: 9, command: "docker-proxy", unit: "docker.service" }])],
      }),
      endpoints: [plain(2375)],
    },
    ["critical socket-published container spy"],
  ],
  [
    "containers that a restart would lose",
    {
      inside: inside({
        facts: hostFacts(
          {},
          {
            containers: [
              { name: "c", restart: "no" },
              { name: "d", restart: "always" },
            ],
          },
        ),
      }),
    },
    ["info live-restore-off /etc/docker/daemon.json"],
  ],
  [
    "containers that outlive a restart",
    {
      inside: inside({
        facts: hostFacts(
          {},
          { containers: [{ name: "c", restart: "no" }], engine: { version: "20.10.24", liveRestore: true } },
        ),
      }),
    },
    [],
  ],
  [
    "two CAs",
    { inside: inside({ certificates: [{ path: "/c", role: "ca", pem: pem.repeat(2) }] }) },
    ["low many-client-authorities /c"],
  ],
  [
    "a bundle of CAs",
    { inside: inside({ certificates: [{ path: "/c", role: "ca", pem: pem.repeat(140) }] }) },
    ["high many-client-authorities /c"],
  ],
  [
    "a chain in the server's file",
    { inside: inside({ certificates: [{ path: "/s", role: "server", pem: pem.repeat(2) }] }) },
    [],
  ],
  [
    "27.1.0 with plugins",
    plugins("27.1.0"),
    ["high engine-known-holes Docker Engine 27.1.0", "high engine-known-holes Docker Engine 27.1.0"],
  ],
  ["26.1.5 with plugins", plugins("26.1.5"), ["high engine-known-holes Docker Engine 26.1.5"]],
  ["23.0.16 with plugins", plugins("23.0.16"), ["high engine-known-holes Docker Engine 23.0.16"]],
  ["29.3.1 with plugins", plugins("29.3.1"), []],
  [
    "a distribution's build with plugins",
    plugins("20.10.24+dfsg1"),
    [
      "info engine-known-holes Docker Engine 20.10.24+dfsg1",
      "info engine-known-holes Docker Engine 20.10.24+dfsg1",
    ],
  ],
  [
    "old, without plugins",
    { inside: inside({ facts: hostFacts({}, { engine: { version: "19.03.5", liveRestore: false } }) }) },
    [],
  ],
];

describe.each([
  ["listeners", listeners],
  ["service", service],
  ["rights", rights],
])("exact findings about %s", (_, rows) => {
  test.each(rows)("%s", (_name, changes, expected) => expect(findings(changes)).toEqual(expected));
});

describe("a certificate that was renewed without a restart", () => {
  let [old, renewed] = ["", ""];
  beforeAll(async () => {
    const ca = await openAuthority(await makeAuthority({ subject: "ca", now: NOW }));
    const issue = () =>
      issueServer(ca, { publicKey: makeKeyPair().publicKey, names: [parseName("192.0.2.7")], now: NOW });
    [old, renewed] = [await issue(), await issue()];
  });
  const served = (certificatePem: string) => [
    endpointReport({ line: { ...OPEN, tls: { version: "TLSv1.3", certificatePem } } as Observation }),
  ];
  const withFile = (file: string) => inside({ certificates: [{ path: "/s", role: "server", pem: file }] });

  test("is found", () =>
    expect(findings({ inside: withFile(renewed), endpoints: served(old) })).toEqual([
      "medium served-certificate-not-on-disk 192.0.2.7:2376",
    ]));
  test("is not found after the restart, with a chain in the file, without a readable file", () => {
    for (const file of [renewed, renewed + old, "no certificate", ""])
      expect(findings({ inside: withFile(file), endpoints: served(renewed) })).toEqual([]);
  });
});

test("nothing from the host reaches the terminal raw", () => {
  const evil = "x\u001b[2J\u202e";
  const changes = inside({
    facts: hostFacts(
      {
        units: [vendorUnit(), { path: `/etc/${evil}`, text: `[Service]\nEnvironment=DOCKER_OPTS=${evil}\n` }],
        environmentFiles: [{ path: evil, mode: "", owner: "", text: `DOCKER_OPTS=-H${evil}` }],
      },
      {
        sockets: [{ ...tcpSocket(), unit: evil }],
        commandLine: ["/d", evil],
        containers: [{ name: evil, restart: "no" }],
        daemonJson: { path: evil, file: { path: evil, mode: "", owner: "", text: `{${evil}` } },
      },
    ),
    listeners: [listener(2376, [{ pid: 3, command: evil, unit: evil }])],
    modes: [
      { path: evil, kind: "key", mode: "644", owner: evil },
      { path: evil, kind: "socket", mode: "666", owner: evil },
    ],
    dockerGroup: [evil],
    containers: [{ name: evil, image: evil, mountsSocket: true, publishedPorts: [] }],
    certificates: [{ path: evil, role: "ca", pem: pem.repeat(2) }],
    firewall: [{ tool: evil, rule: evil, port: 2376 }],
    unitCommandLine: ["/d", evil, evil],
  });
  const endpoints = [plain(2376), unreachable(2376)];
  const results = runChecks(insideChecks, subject({ inside: changes, endpoints }));
  const problems = results.flatMap((result) => (result.outcome === "failed" ? result.problems : []));
  expect(problems.length).toBeGreaterThan(8);
  for (const { where, says, evidence, fix } of problems)
    for (const text of [where, says, ...evidence, ...fix]) expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
