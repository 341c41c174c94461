/** Access rights: the exact findings of all inside checks; and a hostile host cannot write to the terminal. */
import { expect, test } from "vitest";
import {
  hostFacts,
  pathStep,
  rootsOwn,
  runningGateway,
  tcpSocket,
  vendorUnit,
} from "../../../../test/support/host-facts.ts";
import {
  findings,
  listener,
  plain,
  type Row,
  running,
  unreachable,
} from "../../../../test/support/inside-findings.ts";
import { inside, subject } from "../../../../test/support/subject.ts";
import { GATEWAY_SOCKET_FILE, type PathStep } from "../../../facts/index.ts";
import { runChecks } from "../../check.ts";
import type { Subject } from "../../subject.ts";
import { insideChecks } from "./index.ts";

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
const behindGateway = (version: string, runc: string): Partial<Subject> => {
  const socketFile = { path: GATEWAY_SOCKET_FILE, mode: "644", owner: "0:0", text: "" };
  const facts = hostFacts(
    {},
    {
      engine: { version, liveRestore: true },
      gateway: runningGateway,
      ours: { files: new Map([[GATEWAY_SOCKET_FILE, socketFile]]), publicKey: null },
    },
  );
  return { inside: inside({ facts, components: [{ name: "runc", version: runc }] }) };
};
const pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";

const DAEMON_JSON = "/etc/docker/daemon.json";
const jsonSteps = (...steps: PathStep[]): Partial<Subject> => ({
  inside: inside({ facts: hostFacts({}, { steps: rootsOwn(DAEMON_JSON, ...steps) }) }),
});
const jsonFile = (more: Partial<PathStep>) => pathStep(DAEMON_JSON, { type: "file", mode: 0o644, ...more });

const rights: Row[] = [
  ["a daemon.json that belongs to root", jsonSteps(jsonFile({})), []],
  [
    "a daemon.json that everybody can write",
    jsonSteps(jsonFile({ mode: 0o777 })),
    [`high start-files-writable ${DAEMON_JSON}`],
  ],
  [
    "no daemon.json, in a directory that everybody can write",
    jsonSteps(pathStep("/etc/docker", { mode: 0o777 })),
    ["high start-files-writable /etc/docker"],
  ],
  [
    "a link into a user's home",
    jsonSteps(
      pathStep(DAEMON_JSON, { type: "link", mode: 0o777, target: "/home/ann/d.json" }),
      pathStep("/home"),
      pathStep("/home/ann", { uid: 1000, user: "ann" }),
      pathStep("/home/ann/d.json", { type: "file", mode: 0o644, uid: 1000, user: "ann" }),
    ),
    ["high start-files-writable /home/ann", "high start-files-writable /home/ann/d.json"],
  ],
  [
    "a file of root in /tmp, where nobody else can replace it",
    jsonSteps(
      pathStep(DAEMON_JSON, { type: "link", mode: 0o777, target: "/tmp/d.json" }),
      pathStep("/tmp", { mode: 0o1777 }),
      pathStep("/tmp/d.json", { type: "file", mode: 0o644 }),
    ),
    [],
  ],
  [
    "a masked unit, which is a link to /dev/null",
    jsonSteps(
      pathStep(DAEMON_JSON, { type: "link", mode: 0o777, target: "/dev/null" }),
      pathStep("/dev"),
      pathStep("/dev/null", { type: "special", mode: 0o666 }),
    ),
    [],
  ],
  ["a key that only root can read", key("600"), []],
  ["a key that everybody can read", key("644"), [`high key-mode ${KEY}`]],
  ["a key that everybody can read, in a directory only for root", key("644", "root:root", "700"), []],
  ["a key that a group can read", key("640", "root:ssl-cert"), [`high key-mode ${KEY}`]],
  ["a key that root's group can read", key("640"), []],
  ["a key that belongs to a user", key("600", "ann:root"), [`high key-mode ${KEY}`]],
  [
    "a socket that everybody can write",
    {
      inside: inside({
        modes: [{ path: "/run/docker.sock", kind: "socket", mode: "666", owner: "root:docker" }],
      }),
    },
    ["high docker-socket-mode /run/docker.sock"],
  ],
  [
    "a socket that everybody can only read",
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
    "a gateway before the newest engine, whose only vulnerability has no known fix",
    behindGateway("29.9.0", "1.3.6"),
    [],
  ],
  [
    "a gateway before an engine that lacks the newest fixes",
    behindGateway("29.8.1", "1.5.1"),
    ["medium engine-advisories Docker Engine 29.8.1"],
  ],
  [
    "a gateway before an engine and a runc with known vulnerabilities",
    behindGateway("29.5.0", "1.1.12"),
    ["medium engine-advisories Docker Engine 29.5.0", "medium engine-advisories runc 1.1.12"],
  ],
  [
    "a gateway before a distribution's build",
    behindGateway("28.5.2+dfsg3", "1.3.3+ds1"),
    ["info engine-advisories Docker Engine 28.5.2+dfsg3", "info engine-advisories runc 1.3.3+ds1"],
  ],
  ["a gateway before a build of one's own", behindGateway("dev", ""), []],
  [
    "old, without plugins",
    { inside: inside({ facts: hostFacts({}, { engine: { version: "19.03.5", liveRestore: false } }) }) },
    [],
  ],
];

test.each(rights)("%s", (_, changes, expected) => expect(findings(changes)).toEqual(expected));

test("text from the host is escaped", () => {
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
        daemonJson: {
          path: evil,
          file: { path: evil, mode: "", owner: "", text: `{${evil}` },
          validated: null,
        },
        startPaths: [`/${evil}`],
        steps: rootsOwn("/x", pathStep(`/${evil}`, { type: "file", uid: 7, user: evil })),
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
