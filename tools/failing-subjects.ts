/** Subjects with a problem, for the examples in docs/findings: each check shows the first one that fails it. */
import { DAY_MS } from "../src/base/index.ts";
import type { EndpointReport, FleetOnHost, FleetProcess, Inside, Subject } from "../src/doctor/subject.ts";
import type { Caller, Observation } from "../src/engine/index.ts";
import { GATEWAY_SOCKET_FILE, type HostFacts } from "../src/facts/index.ts";
import {
  issueClient,
  issueServer,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  parseName,
} from "../src/pki/index.ts";
import { fleetFacts, fleetOnHost } from "../test/support/fleet/fleet-on-host.ts";
import {
  daemonJson,
  dockerSocket,
  hostFacts,
  NOW,
  pathStep,
  rootsOwn,
  runningGateway,
  tcpSocket,
  vendorUnit,
} from "../test/support/host-facts.ts";
import { CLOSED, closedEndpoint, endpointReport, inside, OPEN, subject } from "../test/support/subject.ts";
import { crowded, listener, madeByUp, pitfall1, pitfall2 } from "../test/support/topology-subjects.ts";

const TIMEOUT: Observation = { kind: "unreachable", cause: "timeout", detail: "ETIMEDOUT" };
const SILENT: Observation = { kind: "silent", stage: "answer", bytes: 0 };
const CALLERS: readonly Caller[] = ["plain", "none", "line", "untrusted"];
const { publicKey } = makeKeyPair();

/** Every probe shows the same. */
function everybody(seen: Observation, rest: Partial<EndpointReport> = {}): EndpointReport {
  return { ...endpointReport({}, rest), offer: null, probes: CALLERS.map((caller) => ({ caller, seen })) };
}

function served(certificatePem: string): Observation {
  return { ...OPEN, tls: { version: "TLSv1.3", certificatePem } } as Observation;
}

function distrusted(certificatePem: string): Observation {
  return { kind: "distrusted", reason: "other", detail: "", tls: { version: "TLSv1.3", certificatePem } };
}

/** A host, healthy but for these facts. */
function host(
  service: Partial<HostFacts["service"]>,
  rest: Partial<Omit<HostFacts, "service">> = {},
): Partial<Inside> {
  return { facts: hostFacts(service, rest) };
}

/** With a problem that the inspection from inside finds. */
function fromInside(): Partial<Inside>[] {
  const foreignKey = { kind: "key", mode: "644", owner: "root:root", path: "/etc/docker/key.pem" } as const;
  const json = "/etc/docker/daemon.json";
  const tls = { commandLine: ["/usr/sbin/dockerd", "-H", "tcp://0.0.0.0:2376", "--tlsverify"] };
  const opts = {
    path: "/etc/default/docker",
    mode: "644",
    owner: "0:0",
    text: 'DOCKER_OPTS="--tlsverify"\n',
  };
  const socketFile = { path: GATEWAY_SOCKET_FILE, mode: "644", owner: "0:0", text: "" };
  const noOpts = vendorUnit("/usr/bin/dockerd -H fd://");
  return [
    { modes: [foreignKey] },
    host({}, { steps: rootsOwn(json, pathStep(json, { type: "file", mode: 0o777 })) }),
    { dockerGroup: ["anna"] },
    host({}, { sockets: [dockerSocket, tcpSocket(2376)] }),
    { needDaemonReload: true },
    host(
      {},
      {
        userFiles: [
          { folder: "/var/lib/docker/overlay2/3f1c/merged/etc", name: "passwd", type: "fifo", bytes: 0 },
        ],
      },
    ),
    {
      certificates: [
        { path: "/etc/docker/ca.pem", role: "ca", pem: "-----BEGIN CERTIFICATE-----\n".repeat(2) },
      ],
    },
    host({}, { daemonJson: daemonJson('{"hosts": ["tcp://0.0.0.0:2376"]}') }),
    host({ active: false }, { daemonJson: daemonJson('{"hosts": [') }),
    host({ active: false, loadState: "masked" }, { sockets: [{ ...dockerSocket, active: false }] }),
    { ...host({ unitFileState: "disabled" }, tls), unitCommandLine: tls.commandLine },
    host({ units: [noOpts], environmentFiles: [opts] }),
    host({}, { clockMs: NOW + DAY_MS / 8 }),
    host({}, { freeKiB: [12, 12] }),
    host({}, { containers: [{ name: "web", restart: "no" }] }),
    host(
      {},
      {
        gateway: { ...runningGateway, service: { state: "failed", needsReload: false } },
        ours: { files: new Map([[GATEWAY_SOCKET_FILE, socketFile]]), publicKey: null },
      },
    ),
    host(
      {},
      {
        engine: { version: "28.5.2", liveRestore: false },
        gateway: runningGateway,
        ours: { files: new Map([[GATEWAY_SOCKET_FILE, socketFile]]), publicKey: null },
      },
    ),
    ...inAFleet(),
    host({}, { undoArmed: true, transactions: [unconfirmed()] }),
    host(
      {},
      {
        engine: { version: "24.0.9", liveRestore: false },
        commandLine: ["dockerd", "--authorization-plugin=opa"],
      },
    ),
  ];
}

/** A host in a fleet, whose process is stopped, whose store is away or takes no receipts, or whose list is about to end. */
function inAFleet(): Partial<Inside>[] {
  const healthy = { ...host({}, fleetFacts()), fleet: fleetOnHost() };
  const { process, list } = healthy.fleet as { process: FleetProcess; list: FleetOnHost["list"] };
  const said = { ...process.said, store: "the store is lost: 'connect ECONNREFUSED 203.0.113.9:4222'" };
  const unconfirmed = { ...process.said, receipts: "no receipt: 'it answers with status 405'" };
  return [
    { ...healthy, fleet: { list, process: { ...process, state: "inactive" } } },
    { ...healthy, fleet: { list, process: { ...process, said } } },
    { ...healthy, fleet: { list, process: { ...process, said: unconfirmed } } },
    { ...healthy, fleet: { process, list: { version: 3, until: NOW + 9 * DAY_MS } } },
  ];
}

function unconfirmed(): HostFacts["transactions"][number] {
  const [lineId, by, at] = ["", "anna@laptop", new Date(NOW).toISOString()];
  const about = { lineId, lineName: "web", port: 2376, exposedPorts: [], by, at, version: "0.1.0" };
  return { number: 2, state: "pending", ownerAlive: false, restarted: true, about, entries: [] };
}

/** With a problem that the inspection from outside finds, whatever the certificates. */
function fromOutside(): EndpointReport[] {
  const notDocker: Observation = { kind: "answered", answer: { status: 404, server: "nginx", body: "" } };
  return [
    { ...endpointReport(), offer: { versions: ["TLSv1", "TLSv1.2"], weakCiphers: ["DES-CBC3-SHA"] } },
    everybody(SILENT, { why: "default" }),
    everybody(notDocker, { why: "default", endpoint: { host: "192.0.2.7", port: 2375 } }),
    { ...endpointReport(), cutShort: true },
  ];
}

/** With a problem of the certificates on either side. */
async function byCertificates(): Promise<Subject[]> {
  const born = NOW - 390 * DAY_MS;
  const ca = await openAuthority(await makeAuthority({ subject: "tetherdock web", now: born - 20 * DAY_MS }));
  const other = await openAuthority(await makeAuthority({ subject: "somebody else", now: born }));
  const server = (name: string, now: number, by = ca) =>
    issueServer(by, { publicKey, names: [parseName(name)], now });
  const client = (now: number) => issueClient(ca, { publicKey, commonName: "anna@laptop", now });
  const good = await server("192.0.2.7", NOW);
  const line = {
    name: "web",
    endpoint: { host: "192.0.2.7", port: 2376 },
    mode: "native",
    ca: ca.certificate,
    certificate: await client(NOW),
    exposedKeys: [],
    fleets: [],
    waiting: [],
  } as const;
  const seen = (changes: Partial<Record<Caller, Observation>>) =>
    subject({ line, endpoints: [endpointReport({ line: served(good), ...changes })] });
  const shows = async (pem: Promise<string>) => seen({ line: distrusted(await pem) });
  const onDisk = {
    path: "/etc/tetherdock/server-cert.pem",
    role: "server",
    pem: await server("192.0.2.7", NOW),
  } as const;
  const loopback = listener("127.0.0.1:2376", "dockerd", "docker.service");
  const proxied = {
    ...OPEN,
    answer: { status: 200, apiVersion: "1.41", server: "nginx", body: "OK" },
  } as Observation;
  return [
    await shows(server("192.0.2.7", born - 10 * DAY_MS)),
    await shows(server("192.0.2.7", born)),
    await shows(server("192.0.2.7", NOW + 2 * DAY_MS)),
    await shows(server("old.example", NOW)),
    await shows(client(NOW)),
    await shows(server("192.0.2.7", NOW, other)),
    seen({ untrusted: served(good) }),
    seen({ expired: served(good) }),
    seen({ "server-usage": served(good) }),
    { ...seen({ unlisted: served(good) }), line: { ...line, mode: "gateway" } },
    { ...seen({}), line: { ...line, mode: "gateway", waiting: ["ben@desk"] } },
    seen({ line: { kind: "tls-alert", alert: "unknown_ca", stage: "after" } }),
    seen({ plain: { ...proxied, answer: { status: 400, server: "nginx", body: "" } } as Observation }),
    subject({ line, inside: null, endpoints: [everybody(TIMEOUT)] }),
    subject({ line, inside: inside({ listeners: [loopback] }), endpoints: [everybody(CLOSED)] }),
    subject({ line: { ...line, certificate: await client(born) } }),
    subject({
      line: { ...line, ca: (await makeAuthority({ subject: "old", now: NOW - 3640 * DAY_MS })).certificate },
    }),
    subject({ line: { ...line, exposedKeys: ["/home/anna/.local/share/tetherdock/web/docker/key.pem"] } }),
    { ...seen({}), inside: inside({ certificates: [onDisk] }) },
    {
      ...seen({}),
      inside: inside({ ...host({}, fleetFacts()), fleet: fleetOnHost() }),
      line: { ...line, mode: "gateway", fleets: [{ name: "acme", version: 5 }] },
    },
  ];
}

/** A container that serves the socket on a published port. */
function published(): Subject {
  const container = { name: "socat", image: "alpine/socat", mountsSocket: true, publishedPorts: [2375] };
  const { endpoints } = pitfall1();
  return subject({ endpoints: endpoints.slice(0, 1), inside: inside({ containers: [container] }) });
}

/** @returns them in an order that gives simple examples */
export async function failingSubjects(): Promise<Subject[]> {
  const { inside: crowd, endpoints } = crowded();
  const all = [
    pitfall1(),
    pitfall2(),
    ...fromOutside().map((endpoint) => subject({ endpoints: [endpoint, closedEndpoint()] })),
    ...fromInside().map((changes) => ({ ...madeByUp(), inside: inside(changes) })),
    ...(await byCertificates()),
    published(),
    subject({ inside: crowd, endpoints }),
  ];
  return all.map((one) => ({ ...one, upTarget: "core@vps.example" }));
}
