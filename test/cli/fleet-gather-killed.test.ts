/**
 * Audit logs are gathered through a real NATS server, from real gateways and their fleet processes: while each of them is killed
 * with -9, and after a time without a store. `scripts/test --all`: more rounds.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configFrom, type NatsServers, natsPorts, startNats } from "../support/fleet/nats-servers.ts";
import { everything } from "../support/sample.ts";
import { makeServerCertificate } from "./fake-engine.ts";
import { Requests, Service } from "./fleet-gather-parts.ts";
import { fleetStage } from "./fleet-stage.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates } from "./sample-line.ts";

/** So many are in more files than one of the hosts keeps. */
const FORGOTTEN = 150;
const ROUNDS = everything ? 8 : 1;
/** Some tens of records a file. */
const rotateBytes = 16 * 1024;
const ALL_FILES = { rotateBytes, keep: 1_000 };

let laptop: LaptopStage;
let servers: NatsServers;
/** They keep all files. */
let hosts: readonly [GatewayStage, GatewayStage];
/** It keeps two files of what was done. */
let forgetful: GatewayStage;
const services: Service[] = [];
const { fleet, cutLine } = fleetStage(() => laptop);
const all = () => [...hosts, forgetful];

const requests = new Map<GatewayStage, Requests>();
const answeredBy = (host: GatewayStage): number[] => requests.get(host)?.answered ?? [];

beforeAll(async () => {
  laptop = makeLaptopStage();
  const [certificates, ports] = [makeCertificates(100), await natsPorts(1)];
  const ca = join(laptop.work, "nats-ca.pem");
  writeFileSync(ca, certificates.ca);
  const made = await fleet("init", "acme", "--store", `nats://127.0.0.1:${ports[0]}`, "--store-ca", ca);
  expect(made, made.stderr).toMatchObject({ status: 0 });
  const config = readFileSync(join(laptop.home, "fleets/acme/nats-server.conf"), "utf8");
  servers = await startNats(
    configFrom(config),
    { ca: certificates.ca, ...makeServerCertificate(certificates) },
    ports,
  );
  hosts = await Promise.all([
    startGateway(laptop, "one", "host-one", ALL_FILES),
    startGateway(laptop, "two", "host-two", ALL_FILES),
  ]);
  forgetful = await startGateway(laptop, "three", "host-three", { rotateBytes, keep: 2 });
  const joined = await fleet("join", "one", "two", "three");
  expect(joined, joined.stderr).toMatchObject({ status: 0 });
  for (const host of all()) {
    cutLine(host);
    requests.set(host, new Requests(host));
    const link = join(host.folder, "fleet-store.json");
    services.push(new Service(() => laptop.spawn("tetherdock", ["fleet", "host", "--link", link])));
  }
}, 120_000);

afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await Promise.all(all().map((host) => host?.stop()));
  await servers?.[Symbol.asyncDispose]();
  laptop?.remove();
});

const copyOf = ({ line }: GatewayStage): string => join(laptop.home, "fleets/acme/audit", line);

const namesIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl")) : [];

const filesIn = (folder: string): [name: string, bytes: Buffer][] =>
  namesIn(folder).map((name) => [name, readFileSync(join(folder, name))]);

const sizeOf = (folder: string): number =>
  namesIn(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

const copiedBytes = (): number => hosts.reduce((sum, host) => sum + sizeOf(copyOf(host)), 0);

/** Numbers of requests, as `fleet audit` prints them. */
async function shown(host: GatewayStage): Promise<number[]> {
  const { stdout, stderr, status } = await fleet("audit", "--json", "--host", host.line);
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.split("\n").flatMap((line) => {
    const number = /"event":"start".*"target":"\/containers\/s(\d+)\/stop"/.exec(line)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

/** Fetches until the last answered request of each host is copied: the gateway writes to the disk once a second. */
async function fetchAll(from: readonly GatewayStage[]): Promise<void> {
  const rest = async () => {
    const { stderr } = await fleet("audit", "fetch");
    const missing = from.filter((host) => {
      const target = `"/containers/s${answeredBy(host).at(-1)}/stop"`;
      return !filesIn(copyOf(host)).some(([, bytes]) => bytes.includes(target));
    });
    return { missing: missing.map(({ line }) => line), stderr };
  };
  await expect.poll(rest, { timeout: 90_000, interval: 100 }).toEqual({ missing: [], stderr: "" });
}

/** Each record once, in the host's order; none that was answered is missing; the files are the host's. */
async function expectWhole(host: GatewayStage): Promise<void> {
  const numbers = await shown(host);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  const known = new Set(numbers);
  expect(answeredBy(host).filter((number) => !known.has(number))).toEqual([]);
  const [copies, logs] = [filesIn(copyOf(host)), new Map(filesIn(host.directory))];
  expect(copies.map(([name]) => name)).toEqual([...logs.keys()]);
  for (const [name, bytes] of copies)
    expect(logs.get(name)?.subarray(0, bytes.length).equals(bytes), name).toBe(true);
}

test(`gateways, fleet processes, the NATS server and the gatherer are killed: each record is there once, in order`, async () => {
  const stop = new AbortController();
  const busy = hosts.map((host) => requests.get(host)?.until(stop.signal));
  const gatherer = new Service(() => laptop.spawn("tetherdock", ["fleet", "audit", "fetch"]));
  services.push(gatherer);
  const [server] = servers.all;
  const gateway = (host: GatewayStage) => async () => {
    await host.kill();
    await host.resume();
  };
  const kills = [
    gateway(hosts[0]),
    async () => services[1]?.kill(),
    async () => gatherer.kill(),
    async () => {
      await server?.kill();
      await server?.start();
    },
    gateway(hosts[1]),
    async () => services[0]?.kill(),
  ];
  for (let round = 0; round < ROUNDS; round++)
    for (const kill of kills) {
      const before = copiedBytes();
      // Somewhere in a fetch that has brought something.
      await expect.poll(copiedBytes, { timeout: 90_000, interval: 5 }).toBeGreaterThan(before);
      await kill();
    }
  stop.abort();
  await Promise.all(busy);
  await gatherer.stop();
  expect(gatherer.statuses.filter((status) => status === "SIGKILL")).toHaveLength(ROUNDS);
  for (const fleetProcess of services.slice(0, 2))
    expect(fleetProcess.statuses.filter((status) => status === "SIGKILL")).toHaveLength(ROUNDS);
  await fetchAll(hosts);
  for (const host of hosts) await expectWhole(host);
  const verified = await fleet("audit", "verify");
  expect(verified, verified.stderr).toMatchObject({ status: 0, stderr: "" });
}, 600_000);

const actionsIn = (folder: string): number[] =>
  namesIn(folder).flatMap((name) => Number(/^audit-(\d+)/.exec(name)?.[1] ?? []) || []);

test("the store is away: what happened meanwhile comes afterwards, each record once, and files that were dropped are counted", async () => {
  const [server] = servers.all;
  const last = actionsIn(copyOf(forgetful)).at(-1) ?? 0;
  await server?.kill();
  for (let at = 0; at < FORGOTTEN; at++) await requests.get(forgetful)?.one();
  for (const host of hosts) for (let at = 0; at < 20; at++) await requests.get(host)?.one();
  const away = await fleet("audit", "fetch");
  expect(away.status).toBe(1);
  for (const { line } of all()) expect(away.stderr).toContain(` ${line}: `);
  await server?.start();
  await fetchAll(all());
  for (const host of hosts) await expectWhole(host);
  const dropped = (actionsIn(forgetful.directory)[0] ?? 0) - last - 1;
  expect(dropped).toBeGreaterThan(0);
  const verified = await fleet("audit", "verify");
  expect(verified).toMatchObject({ status: 0, stderr: "" });
  expect(verified.stdout).toMatch(
    new RegExp(`^three .*${dropped} files? rotated away before they were copied$`, "m"),
  );
  for (const { line } of hosts) expect(verified.stdout).not.toMatch(new RegExp(`^${line} .*rotated`, "m"));
}, 300_000);
