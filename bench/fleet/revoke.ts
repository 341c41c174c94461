/**
 * `fleet revoke` as a command, from its start to its end, with a real NATS server: no line reaches a host, so it waits for a
 * receipt of each, signed by a key of the host's own. All hosts are on this machine; `--verifying` as in scale.ts.
 *
 *     npm run build && node bench/fleet/revoke.ts [--hosts 50] [--verifying 50] [--clients 1000] [--servers 1] [--rounds 9]
 */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatNatsSettings, formatPublication, receiptKeyOf, serverConfig } from "../../src/fleet/index.ts";
import { makeAuthority } from "../../src/pki/index.ts";
import { openNatsOperatorStore } from "../../src/system/fleet-store/nats/operator-store.ts";
import { makeNatsSettings, serverTrust } from "../../src/system/fleet-store/nats/trust.ts";
import { createFleetStore } from "../../src/system/identity/fleet-store.ts";
import { makeServerCertificate } from "../../test/cli/fake-engine.ts";
import { makeCertificates } from "../../test/cli/sample-line.ts";
import { natsPorts, startNats } from "../../test/support/fleet/nats-servers.ts";
import { run } from "../../test/support/run.ts";
import { summarise } from "../median.ts";
import { goal, head, row } from "../report.ts";
import { FLEET, Operator, sampleList } from "./sample.ts";
import { admitAll, Hosts } from "./start-hosts.ts";

const text = (initial: string) => ({ type: "string", default: initial }) as const;
const { values } = parseArgs({
  options: {
    ...{ hosts: text("50"), verifying: text("50"), clients: text("1000") },
    ...{ servers: text("1"), rounds: text("9") },
  },
});
const [count, verifying, clients] = [Number(values.hosts), Number(values.verifying), Number(values.clients)];
const [servers, rounds] = [Number(values.servers), Number(values.rounds)];
const GOAL_MS = 2_000;
const PROGRAM = join(import.meta.dirname, "../../dist/main.js");

const home = mkdtempSync(join(tmpdir(), "tetherdock-bench-"));
const keys = Array.from({ length: count }, () => generateKeyPairSync("ed25519").privateKey);
const names = keys.map((_, at) => `host-${at}`);
const people = Array.from({ length: clients }, (_, at) => `client-${at}@desk`);

async function fleet(...args: string[]): Promise<{ readonly stdout: string; readonly ms: number }> {
  const env = { PATH: process.env["PATH"], HOME: home, TETHERDOCK_HOME: home };
  const from = performance.now();
  const { stdout, stderr, status } = await run([process.execPath, PROGRAM, "fleet", ...args], "", { env });
  if (status !== 0) throw new Error(`fleet ${args.join(" ")}: exit status ${status}\n${stderr}`);
  return { stdout, ms: performance.now() - from };
}

const settings = makeNatsSettings();
const certificates = makeCertificates(100);
const trust = await serverTrust(settings, FLEET);
await using nats = await startNats(
  (paths) =>
    serverConfig(FLEET, trust, paths).replace("# sync_interval", "sync_interval: always # sync_interval"),
  { ca: certificates.ca, ...makeServerCertificate(certificates) },
  await natsPorts(servers),
  "127.0.0.1",
  "trixie",
);
const address = { urls: nats.urls, ca: certificates.ca };
const operated = { address, settings: formatNatsSettings(settings) };
const store = openNatsOperatorStore(operated, FLEET);
const hosts = new Hosts();
const operator = new Operator();

/** The operator's folder, as `init`, `join` and `client add` would leave it; and the hosts, which have this list. */
async function prepare(): Promise<void> {
  const ca = await makeAuthority({ subject: "fleet", now: Date.now(), clientsOnly: true });
  const list = await sampleList(names, people, address, keys.map(receiptKeyOf));
  const first = await operator.sign({ ...list, ca: ca.certificate });
  const second = await operator.revoke("nobody@desk");
  const { documents, view } = second;
  const pem = operator.key.export({ type: "pkcs8", format: "pem" }).toString();
  const folders = createFleetStore(home);
  const kept = { documents, view, revoked: view.list.revoked };
  await folders.create({ name: FLEET, operatorKey: pem, ca, kept, store: null });
  await folders.setStore(FLEET, operated);
  const secrets = keys.map((key) => key.export({ type: "pkcs8", format: "pem" }).toString());
  const all = await admitAll(
    store,
    names.map((name, at) => ({ name, receiptKey: secrets[at] ?? null })),
    verifying,
  );
  const publication = formatPublication(documents);
  await store.publish(publication, view.version);
  const trusted = formatPublication(first.documents);
  await hosts.connect({ address, fleet: FLEET, first: trusted, version: view.version, hosts: all });
}

interface Round {
  readonly inForce: number;
  readonly ms: number;
}

/** @param version that the command makes */
async function revoke(client: string, version: number): Promise<Round> {
  const everywhere = hosts.watch.all(version, count);
  const from = Date.now();
  const { stdout, ms } = await fleet("revoke", client, "--json");
  const told = JSON.parse(stdout) as {
    version: number;
    hosts: { stored?: { inForce: number }; doubt?: unknown }[];
  };
  const confirmed = told.hosts.filter(({ stored, doubt }) => doubt === null && stored?.inForce === version);
  if (told.version !== version || confirmed.length !== count) throw new Error(`not confirmed: ${stdout}`);
  return { inForce: (await everywhere).inForce - from, ms };
}

const [, , quarter = 0] = loadavg();

async function main(): Promise<void> {
  head(
    `fleet revoke: ${count} hosts (${verifying} verify), ${clients} clients, ${servers} servers; ${rounds} rounds`,
  );
  console.log(`load of the machine in the last quarter of an hour: ${quarter.toFixed(1)}`);
  await prepare();
  const idle: number[] = [];
  const found: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    idle.push((await fleet("client", "ls", "--json")).ms);
    found.push(await revoke(`client-${round}@desk`, round + 3));
  }
  const whole = summarise(found.map(({ ms }) => ms));
  row("a command that asks nobody", summarise(idle));
  row("until the last host refuses the key", summarise(found.map(({ inForce }) => inForce)));
  row("until all receipts are verified: its end", whole);
  goal(`all receipts in ${GOAL_MS} ms`, whole.median <= GOAL_MS);
}

try {
  await main();
} finally {
  await hosts.end();
  await store.close();
  rmSync(home, { recursive: true });
}
