/**
 * `node bench/fleet/scale.ts [HOSTS]`: a revocation in a fleet of many hosts, with a real nats-server. All hosts are on this
 * machine, so all their work shares its cores.
 */
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type FleetHost,
  type FleetList,
  formatNatsSettings,
  formatPublication,
  type OperatorStore,
  type StoreAddress,
  serverConfig,
} from "../../src/fleet/index.ts";
import { openNatsOperatorStore } from "../../src/system/fleet-store/nats/operator-store.ts";
import { makeNatsSettings, serverTrust } from "../../src/system/fleet-store/nats/trust.ts";
import { makeServerCertificate } from "../../test/cli/fake-engine.ts";
import { makeCertificates } from "../../test/cli/sample-line.ts";
import { natsPorts, startNats } from "../../test/support/fleet/nats-servers.ts";
import {
  accepted,
  fleetClient,
  fleetList,
  makeOperator,
  signNext,
} from "../../test/support/fleet/sample-fleet.ts";
import type { InForce, Wanted } from "./hosts.ts";

const [count = 1_000, rounds = 10, clients = 1_000] = process.argv.slice(2).map(Number);
const PROCESSES = 8;
const FLEET = "acme";
const HOSTS = join(import.meta.dirname, "hosts.ts");

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const residentMiB = ({ pid }: ChildProcess) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

/** Hears which hosts have a version. */
class Watch {
  readonly #at = new Map<string, number>();
  #version = 0;
  #wanted = 0;
  #done = Promise.withResolvers<number>();

  hear({ host, version, at }: InForce): void {
    if (version < this.#version) return;
    this.#at.set(host, at);
    if (this.#at.size === this.#wanted) this.#done.resolve(Math.max(...this.#at.values()));
  }

  /** @returns when the last of so many hosts had the version */
  all(version: number, wanted: number): Promise<number> {
    this.#at.clear();
    [this.#version, this.#wanted] = [version, wanted];
    this.#done = Promise.withResolvers();
    return this.#done.promise;
  }
}

function start(wanted: Wanted, watch: Watch): ChildProcess {
  const child = fork(HOSTS, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  child.on("message", (told: InForce) => watch.hear(told));
  child.send(wanted);
  return child;
}

/** @returns when every host's receipt has the version */
async function receiptsOf(store: OperatorStore, hosts: readonly string[], version: number): Promise<number> {
  const stop = new AbortController();
  const have = new Set<string>();
  for await (const batch of store.receipts(hosts, stop.signal) ?? []) {
    for (const { host, inForce } of batch) if (inForce >= version) have.add(host);
    if (have.size === hosts.length) break;
  }
  stop.abort();
  return Date.now();
}

const settings = makeNatsSettings();
const certificates = makeCertificates(100);
const trust = await serverTrust(settings, FLEET);
const certificate = { ca: certificates.ca, ...makeServerCertificate(certificates) };
await using servers = await startNats(
  (paths) => serverConfig(FLEET, trust, paths),
  certificate,
  await natsPorts(1),
);
const address: StoreAddress = { urls: servers.urls, ca: certificates.ca };
const store = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);

const names = Array.from({ length: count }, (_, at) => `host-${at}`);
const hosts: FleetHost[] = names.map((name) => ({
  name,
  address: "127.0.0.1",
  port: 2376,
  ca: certificates.ca,
}));
const people = Array.from({ length: clients }, (_, at) => fleetClient(`client-${at}`));
const key = makeOperator();
let list: FleetList = fleetList({ hosts, clients: people, store: address });
let signed = await accepted(null, signNext(null, key, list));
const first = formatPublication(signed.documents);
const began = Date.now();
const credentials = [];
for (const name of names) credentials.push({ name, credentials: (await store.admit(name)) ?? "" });
console.log(`${count} hosts, ${clients} clients, a list of ${Math.round(first.length / 1024)} KiB`);
console.log(`credentials for all hosts: ${Date.now() - began} ms`);

/** Revokes one more client. */
async function publishNext(): Promise<number> {
  const revoked = people[signed.view.version]?.fingerprint ?? "";
  list = { ...list, revoked: [...list.revoked, revoked] };
  signed = await accepted(signed.documents, signNext(signed, key, list));
  return signed.view.version;
}

const watch = new Watch();
const children: ChildProcess[] = [];
try {
  const wanted = (some: Wanted["hosts"]): Wanted => ({ address, fleet: FLEET, first, hosts: some });
  await publishNext();
  await store.publish(formatPublication(signed.documents));
  const alone = watch.all(signed.view.version, 1);
  const cold = Date.now();
  const one = start(wanted(credentials.slice(0, 1)), watch);
  console.log(
    `one host alone, from the start of its process to the list in force: ${(await alone) - cold} ms`,
  );
  console.log(`its memory (RSS), run from sources: ${residentMiB(one).toFixed(0)} MiB`);
  one.kill();

  const all = watch.all(signed.view.version, count);
  const together = Date.now();
  const size = Math.ceil(count / PROCESSES);
  for (let at = 0; at < count; at += size)
    children.push(start(wanted(credentials.slice(at, at + size)), watch));
  console.log(`all hosts in ${PROCESSES} processes, from their start: ${(await all) - together} ms`);

  const [last, receipts]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const version = await publishNext();
    const everywhere = watch.all(version, count);
    const at = Date.now();
    await store.publish(formatPublication(signed.documents));
    const confirmed = receiptsOf(store, names, version);
    last.push((await everywhere) - at);
    receipts.push((await confirmed) - at);
  }
  const show = (values: readonly number[]) => `${median(values)} ms, at most ${Math.max(...values)} ms`;
  console.log(`from publishing until the last host has it in force, ${rounds} rounds: ${show(last)}`);
  console.log(`until all receipts are here: ${show(receipts)}`);
} finally {
  for (const child of children) child.kill();
  await store.close();
}
