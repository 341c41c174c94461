/**
 * A revocation in a fleet of many hosts, with real NATS servers that put each message on the disk before they confirm it. All
 * hosts are on this machine and share its cores. So `--verifying` says how many of them do all their work; the others only
 * listen and write receipts.
 *
 *     node bench/fleet/scale.ts [--hosts 1000] [--verifying 1000] [--clients 1000] [--servers 1] [--rounds 9] [--sync always]
 */
import { parseArgs } from "node:util";
import {
  formatNatsSettings,
  formatPublication,
  type OperatorStore,
  type Signed,
  serverConfig,
} from "../../src/fleet/index.ts";
import { openNatsOperatorStore } from "../../src/system/fleet-store/nats/operator-store.ts";
import { makeNatsSettings, serverTrust } from "../../src/system/fleet-store/nats/trust.ts";
import { makeServerCertificate } from "../../test/cli/fake-engine.ts";
import { makeCertificates } from "../../test/cli/sample-line.ts";
import { natsPorts, startNats } from "../../test/support/fleet/nats-servers.ts";
import { cpuUs, rssKib } from "../gateway/usage.ts";
import { summarise } from "../median.ts";
import { goal, head, row } from "../report.ts";
import { FLEET, Operator, sampleList } from "./sample.ts";
import { admitAll, GROUP, Hosts } from "./start-hosts.ts";

const text = (initial: string) => ({ type: "string", default: initial }) as const;
const { values } = parseArgs({
  options: {
    ...{ hosts: text("1000"), verifying: text("1000"), clients: text("1000") },
    ...{ servers: text("1"), rounds: text("9"), sync: text("always") },
  },
});
const [count, verifying, clients] = [Number(values.hosts), Number(values.verifying), Number(values.clients)];
const [servers, rounds] = [Number(values.servers), Number(values.rounds)];
const GOAL_MS = 1_000;
const GOAL_RECEIPTS_MS = 2_000;

const names = Array.from({ length: count }, (_, at) => `host-${at}`);
const people = Array.from({ length: clients }, (_, at) => `client-${at}@desk`);

/** @returns when every host's receipt has the version */
async function receiptsOf(store: OperatorStore, version: number, isListening: () => void): Promise<number> {
  const stop = new AbortController();
  const have = new Set<string>();
  for await (const batch of store.receipts(names, stop.signal) ?? []) {
    isListening();
    for (const { host, inForce } of batch) if (inForce >= version) have.add(host);
    if (have.size === names.length) break;
  }
  stop.abort();
  return Date.now();
}

const settings = makeNatsSettings();
const certificates = makeCertificates(100);
const trust = await serverTrust(settings, FLEET);
const sync = values.sync === "always" ? "sync_interval: always #" : "#";
await using nats = await startNats(
  (paths) => serverConfig(FLEET, trust, paths).replace("# sync_interval", `${sync} sync_interval`),
  { ca: certificates.ca, ...makeServerCertificate(certificates) },
  await natsPorts(servers),
  "127.0.0.1",
  "trixie",
);
const address = { urls: nats.urls, ca: certificates.ca };
const store = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);
const serverPids = nats.all.map(({ pid }) => pid);
const hosts = new Hosts();
const mib = (pids: readonly number[]) => (rssKib(pids) / 1024).toFixed(0);

interface Round {
  readonly confirmed: number;
  readonly got: number;
  readonly inForce: number;
  readonly receipts: number;
}

async function revoke(signed: Signed): Promise<Round> {
  const { version } = signed.view;
  const everywhere = hosts.watch.all(version, count);
  const listening = Promise.withResolvers<void>();
  const receipts = receiptsOf(store, version, listening.resolve);
  await listening.promise;
  const from = Date.now();
  await store.publish(formatPublication(signed.documents), signed.view.version);
  const confirmed = Date.now() - from;
  const { got, inForce } = await everywhere;
  return { confirmed, got: got - from, inForce: inForce - from, receipts: (await receipts) - from };
}

async function main(): Promise<void> {
  const operator = new Operator();
  const first = await operator.sign(await sampleList(names, people, address));
  const admitting = Date.now();
  const all = await admitAll(
    store,
    names.map((name) => ({ name, receiptKey: null })),
    verifying,
  );
  const admitted = Date.now() - admitting;
  const second = await operator.revoke("nobody@desk");
  const publication = formatPublication(second.documents);
  await store.publish(publication, second.view.version);
  const empty = mib(serverPids);
  head(
    `${count} hosts (${verifying} verify), ${clients} clients, ${servers} servers, sync_interval ${values.sync}; ${rounds} rounds`,
  );
  console.log(`a list of ${publication.length} bytes; credentials for all hosts in ${admitted} ms`);
  const connecting = Date.now();
  const wanted = { address, fleet: FLEET, first: formatPublication(first.documents) };
  await hosts.connect({ ...wanted, version: second.view.version, hosts: all });
  console.log(`hosts connected, ${GROUP} at a time, after ${Date.now() - connecting} ms`);
  const found: Round[] = [];
  const before = [cpuUs(serverPids), cpuUs(hosts.pids)] as const;
  for (let round = 0; round < rounds; round++)
    found.push(await revoke(await operator.revoke(`client-${round}@desk`)));
  const each = (us: number) => `${(us / 1_000 / rounds / count).toFixed(2)} ms`;
  const of = (which: keyof Round) => summarise(found.map((one) => one[which]));
  row("confirmed by the store", of("confirmed"));
  row("the last host has the text", of("got"));
  row("the last host refuses the key", of("inForce"));
  row("all receipts are there", of("receipts"));
  const [server, host] = [cpuUs(serverPids) - before[0], cpuUs(hosts.pids) - before[1]];
  console.log(`processor time for each host and revocation: servers ${each(server)}, host ${each(host)}`);
  console.log(
    `resident: servers ${mib(serverPids)} MiB (${empty} before), processes of hosts ${mib(hosts.pids)} MiB`,
  );
  goal(`the last host refuses the key in ${GOAL_MS} ms`, of("inForce").median <= GOAL_MS);
  goal(`all receipts in ${GOAL_RECEIPTS_MS} ms`, of("receipts").median <= GOAL_RECEIPTS_MS);
}

try {
  await main();
} finally {
  await hosts.end();
  await store.close();
}
