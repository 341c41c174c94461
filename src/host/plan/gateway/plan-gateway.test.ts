import { beforeAll, describe, expect, test } from "vitest";
import {
  hostFacts,
  listening,
  NOW,
  noGateway,
  tcpSocket,
  vendorUnit,
} from "../../../../test/support/host-facts.ts";
import { GATEWAY_LINKS, GATEWAY_REVOKED, type HostFacts } from "../../../facts/index.ts";
import {
  issueServer,
  makeAuthority,
  makeKeyPair,
  normaliseNames,
  openAuthority,
} from "../../../pki/index.ts";
import type { Change, Plan } from "../change.ts";
import type { DesiredGateway, DesiredState } from "../desired-state.ts";
import { planLine } from "../plan-line.ts";
import { surveyHost } from "../survey.ts";

const DROP_IN = "/etc/systemd/system/docker.service.d/zz-tetherdock.conf";
const PROGRAM = "/opt/tetherdock/bin/tetherdock";
const CLIENTS = "/var/lib/private/tetherdock-gateway/clients.json";
const UNITS = ["service", "socket"].map((kind) => `/etc/systemd/system/tetherdock-gateway.${kind}`);
const names = normaliseNames(["192.0.2.7", "web1"]);
const gateway: DesiredGateway = {
  programs: [{ path: PROGRAM, sha256: "aa", bytes: 1000, packedBytes: 400 }],
  clients: '{"version":1,"clients":[]}\n',
};
let desired: DesiredState;
let certified: HostFacts["ours"];

const plan = (facts: HostFacts, more: Partial<DesiredState> = {}) =>
  planLine(facts, surveyHost(facts, NOW), { ...desired, ...more });
const paths = ({ changes }: Plan) => changes.map(({ path }) => path);
const file = (path: string, text: string) => ({ path, mode: "644", owner: "0:0", text });

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
    gateway,
    plainPorts: new Set(),
    now: NOW,
  };
  const files = { "ca.pem": stored.certificate, "server-cert.pem": certificate };
  const facts = Object.entries(files).map(([name, text]) => file(`/etc/tetherdock/${name}`, text));
  certified = { files: new Map(facts.map((fact) => [fact.path, fact])), publicKey };
});

/** The host after the changes were made and the gateway runs. */
function carriedOut(facts: HostFacts, changes: readonly Change[]): HostFacts {
  const files = new Map([...certified.files, ...facts.ours.files]);
  for (const change of changes) {
    if (change.kind === "write") files.set(change.path, file(change.path, change.after));
    if (change.kind === "remove") files.delete(change.path);
  }
  const runs = { state: "active", needsReload: false };
  return {
    ...facts,
    ours: { ...certified, files },
    gateway: {
      ...{ service: runs, fleet: noGateway.fleet },
      socket: { ...runs, ports: [2376] },
      programs: new Map([[PROGRAM, "aa"]]),
      links: new Set(GATEWAY_LINKS.keys()),
    },
    listeners: listening([22, 2376]),
  };
}

const withGateway = (facts = hostFacts()) => carriedOut(facts, plan(facts).changes);
/** The host as native mode leaves it. */
function native(): HostFacts {
  const facts = hostFacts();
  const made = plan(facts, { gateway: null });
  const done = carriedOut(facts, made.changes);
  const flags = ["--host=tcp://0.0.0.0:2376", "--tlsverify", "--tlscacert=/etc/tetherdock/ca.pem"];
  return { ...done, gateway: noGateway, commandLine: ["/usr/sbin/dockerd", "-H", "fd://", ...flags] };
}

describe("planGateway()", () => {
  test("a fresh host: files, units, links and program; dockerd does not change", () => {
    const made = plan(hostFacts());
    expect(paths(made)).toEqual([
      "/etc/tetherdock/server-key.pem",
      "/etc/tetherdock/ca.pem",
      "/etc/tetherdock/server-cert.pem",
      PROGRAM,
      "/etc/tetherdock/gateway.json",
      CLIENTS,
      ...UNITS,
      ...GATEWAY_LINKS.keys(),
    ]);
    expect(made).toMatchObject({ restart: false, gateway: "start", warnings: [], closedPorts: [2375] });
  });

  test("planned again after it was carried out, nothing is left to do", () => {
    expect(plan(withGateway())).toMatchObject({ changes: [], restart: false, gateway: "none" });
  });

  test.each<[string, (facts: HostFacts) => HostFacts, Plan["gateway"]]>([
    [
      "another program",
      (facts) => ({ ...facts, gateway: { ...facts.gateway, programs: new Map([[PROGRAM, "bb"]]) } }),
      "restart",
    ],
    [
      "a service that has failed",
      (facts) => ({
        ...facts,
        gateway: { ...facts.gateway, service: { state: "failed", needsReload: false } },
      }),
      "restart",
    ],
    [
      "a socket that is stopped",
      (facts) => ({
        ...facts,
        gateway: { ...facts.gateway, socket: noGateway.socket },
        listeners: listening([22]),
      }),
      "start",
    ],
    [
      "another list of clients",
      (facts) => ({
        ...facts,
        ours: { ...facts.ours, files: new Map([...facts.ours.files, [CLIENTS, file(CLIENTS, "{}")]]) },
      }),
      "none",
    ],
  ])("%s: docker goes on", (_what, change, action) => {
    expect(plan(change(withGateway()))).toMatchObject({ gateway: action, restart: false });
  });

  test("limits, roles and other settings by somebody stay; settings that the unit needs are restored", () => {
    const path = "/etc/tetherdock/gateway.json";
    const facts = withGateway();
    const made = JSON.parse(facts.ours.files.get(path)?.text ?? "");
    const changed = { limits: { connections: 9 }, ...made, roles: { viewer: { logs: true } }, metrics: null };
    const withText = (text: string) =>
      plan({
        ...facts,
        ours: { ...facts.ours, files: new Map([...facts.ours.files, [path, file(path, text)]]) },
      });
    expect(withText(JSON.stringify(changed)).changes).toEqual([]);
    const wrong = withText(JSON.stringify({ ...changed, upstream: "unix:///else" })).changes[0];
    expect(JSON.parse(wrong?.kind === "write" ? wrong.after : "")).toEqual(changed);
    expect(withText("{").changes).toMatchObject([{ after: facts.ours.files.get(path)?.text }]);
  });

  test("another port is another socket", () => {
    const made = plan(withGateway(), { port: 2377 });
    expect(paths(made)).toEqual([UNITS[1]]);
    expect(made.gateway).toBe("start");
  });

  test("another name is another certificate, read again while the gateway runs", () => {
    const made = plan(withGateway(), { names: normaliseNames(["192.0.2.8"]) });
    expect(paths(made)).toEqual(["/etc/tetherdock/server-cert.pem"]);
    expect(made).toMatchObject({ gateway: "reload", restart: false });
  });

  test("with force, only the gateway restarts", () => {
    expect(plan(withGateway(), { forceRestart: true })).toMatchObject({
      changes: [],
      gateway: "restart",
      restart: false,
    });
  });

  test("the group and path of docker's socket are the host's own", () => {
    const made = plan(
      hostFacts({}, { localSockets: [{ path: "/srv/docker.sock", group: "engine", mode: "660" }] }),
    );
    const texts = made.changes.flatMap((change) => (change.kind === "write" ? [change.after] : [])).join();
    expect(texts).toContain('"upstream": "unix:///srv/docker.sock"');
    expect(texts).toContain("\nSupplementaryGroups=engine\n");
  });

  test("native to gateway: the drop-in is removed, docker restarts without TCP, key and certificate stay", () => {
    const made = plan(native());
    expect(paths(made).filter((path) => path.startsWith("/etc/tetherdock/"))).toEqual([
      "/etc/tetherdock/gateway.json",
    ]);
    expect(made.changes).toContainEqual(expect.objectContaining({ kind: "remove", path: DROP_IN }));
    expect(made).toMatchObject({ restart: true, gateway: "start" });
  });

  test("gateway to native: all is removed except the client list and the audit log, and the plan names clients that gain access", () => {
    const facts = withGateway();
    const revoked = { name: "ben", fingerprint: null, role: "viewer", state: "revoked", expires: null };
    const list = file(CLIENTS, JSON.stringify({ version: 1, clients: [revoked] }));
    const files = new Map([...facts.ours.files, [CLIENTS, list]]);
    const made = plan({ ...facts, ours: { ...facts.ours, files } }, { gateway: null });
    const removed = made.changes.filter(({ kind }) => kind === "remove").map(({ path }) => path);
    expect(removed.toSorted()).toEqual(
      ["/etc/tetherdock/gateway.json", PROGRAM, ...UNITS, ...GATEWAY_LINKS.keys()].toSorted(),
    );
    expect(made).toMatchObject({ restart: true, gateway: "stop" });
    expect(made.warnings.join()).toContain("the certificates of ben give root access");
  });

  describe("gateway to native: the plan warns of", () => {
    const [ADA, BEN, OLD] = ["a", "b", "c"].map((digit) => digit.repeat(64));
    const admin = { name: "ada", fingerprint: ADA, role: "admin", state: "active", expires: null };
    const warningOf = (clients: unknown, revocations?: unknown) => {
      const facts = withGateway();
      const files = new Map([...facts.ours.files, [CLIENTS, file(CLIENTS, JSON.stringify(clients))]]);
      if (revocations) files.set(GATEWAY_REVOKED, file(GATEWAY_REVOKED, JSON.stringify(revocations)));
      const made = plan({ ...facts, ours: { ...facts.ours, files } }, { gateway: null });
      return made.warnings.find((warning) => warning.includes("client list"));
    };
    const ben = { ...admin, name: "ben", fingerprint: BEN };
    const revoking = (key = OLD) => ({ version: 2, keys: [{ key, revoked: true, until: null }] });
    const BEN_GAINS = expect.stringContaining("the certificates of ben give root access");

    test.each([
      ["a client that is revoked", { ...ben, state: "revoked" }, undefined, BEN_GAINS],
      ["a viewer", { ...ben, role: "viewer" }, undefined, BEN_GAINS],
      ["an admin whose access ends", { ...ben, expires: "2027-01-31T08:00:00Z" }, undefined, BEN_GAINS],
      ["a key that is revoked, whatever the list says", ben, revoking(BEN), BEN_GAINS],
      ["a key that is revoked in a file of version 1", ben, { version: 1, revoked: [BEN] }, BEN_GAINS],
      ["a client that was removed", ben, revoking(), expect.stringContaining("of 1 removed client give")],
    ])("%s", (_, client, revocations, warning) => {
      expect(warningOf({ version: 1, clients: [admin, client] }, revocations)).toEqual(warning);
    });

    test("nobody if all are admins without an end", () => {
      expect(warningOf({ version: 1, clients: [admin, ben] }, revoking("name:old"))).toBeUndefined();
    });

    test("all clients if the list cannot be read", () => {
      expect(warningOf({ version: 1 })).toContain("all clients (their list cannot be read)");
      const unread = warningOf({ version: 1, clients: [] }, { version: 2, keys: "?" });
      expect(unread, "nor who was revoked").toContain("all clients (their list cannot be read)");
    });
  });

  test.each([
    ["-H fd:// -H tcp://0.0.0.0:2375 --mtu=1400", "--mtu=1400 --host=fd://"],
    ["-H tcp://0.0.0.0:2375", "--host=fd://"],
  ])("dockerd's own TCP (%s) is removed, the rest of its command line stays", (flags, kept) => {
    const facts = hostFacts({ units: [vendorUnit(`/usr/bin/dockerd ${flags}`)] });
    const made = plan(facts, { plainPorts: new Set([2375]) });
    const dropIn = made.changes.find(({ path }) => path === DROP_IN);
    expect(dropIn).toMatchObject({ after: expect.stringContaining(`ExecStart=/usr/bin/dockerd ${kept}\n`) });
    expect(made).toMatchObject({ restart: true, exposedPorts: [2375] });
    const after = carriedOut(facts, made.changes);
    expect(plan(after)).toMatchObject({ changes: [], restart: false });
  });

  test("daemon.json keeps its local sockets, and loses TCP and its TLS settings", () => {
    const text = JSON.stringify({ mtu: 1400, hosts: ["fd://", "tcp://0.0.0.0:2376"], tlsverify: true });
    const path = "/etc/docker/daemon.json";
    const json = { path, file: file(path, text), validated: null };
    const facts = hostFacts({ units: [vendorUnit("/usr/bin/dockerd")] }, { daemonJson: json });
    const made = plan(facts, { replaceTls: true });
    const written = made.changes.find((change) => change.path === path);
    expect(JSON.parse(written?.kind === "write" ? written.after : "")).toEqual({
      mtu: 1400,
      hosts: ["fd://"],
    });
  });

  test("systemd's TCP socket is closed", () => {
    const made = plan(hostFacts({}, { sockets: [tcpSocket(2376), ...hostFacts().sockets] }));
    expect(made).toMatchObject({ stopSockets: ["docker-tcp.socket"], restart: true });
  });

  const without = (tool: string) => hostFacts().tools.difference(new Set([tool]));

  test.each<[string, Partial<HostFacts>, string]>([
    ["systemd 245", { systemdVersion: 245 }, "HOST_SYSTEMD_OLD"],
    ["no gzip", { tools: without("gzip") }, "HOST_TOOL_MISSING"],
    ["no flock", { tools: without("flock") }, "HOST_TOOL_MISSING"],
    ["a full disk", { programFreeKiB: [1, 1_000_000] }, "HOST_DISK_FULL"],
    [
      "a socket for root alone",
      { localSockets: [{ path: "/run/docker.sock", group: "root", mode: "600" }] },
      "DOCKER_SOCKET_CLOSED",
    ],
    ["a port that is taken", { listeners: listening([2376]) }, "PORT_TAKEN"],
  ])("%s: refused before anything is changed", (_what, facts, code) => {
    expect(() => plan(hostFacts({}, facts))).toThrow(expect.objectContaining({ code }));
  });
});
