import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inboxOf, type StoreAddress } from "../../src/fleet/index.ts";
import { connectTo } from "../../src/system/fleet-store/nats/connect.ts";
import { configFrom, type NatsServers, natsPorts, startNats } from "../support/fleet/nats-servers.ts";
import { expectFollowedThroughStore, expectLogsThroughStore } from "./audit-through-store.ts";
import { makeServerCertificate } from "./fake-engine.ts";
import { fleetStage, statusOf } from "./fleet-stage.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates } from "./sample-line.ts";

let laptop: LaptopStage;
let servers: NatsServers;
let hosts: readonly GatewayStage[];
const { fleet, enrol, follow, stopFollowing, cutLine } = fleetStage(() => laptop);

beforeAll(async () => {
  laptop = makeLaptopStage();
  const [certificates, ports] = [makeCertificates(100), await natsPorts(3)];
  const ca = join(laptop.work, "nats-ca.pem");
  writeFileSync(ca, certificates.ca);
  const urls = ports.slice(0, 3).map((port) => `nats://127.0.0.1:${port}`);
  const made = await fleet("init", "acme", "--store", urls.join(","), "--store-ca", ca);
  expect(made, made.stderr).toMatchObject({ status: 0, stdout: "acme\n" });
  const config = readFileSync(join(laptop.home, "fleets/acme/nats-server.conf"), "utf8");
  const certificate = { ca: certificates.ca, ...makeServerCertificate(certificates) };
  servers = await startNats(configFrom(config), certificate, ports);
  hosts = await Promise.all(
    ["one", "two", "three"].map((line) => startGateway(laptop, line, `host-${line}`)),
  );
}, 120_000);

afterAll(async () => {
  stopFollowing();
  await Promise.all((hosts ?? []).map((host) => host.stop()));
  await servers?.[Symbol.asyncDispose]();
  laptop?.remove();
});

async function wipe(): Promise<void> {
  for (const server of servers.all) await server.wipe();
}

async function startAgain(): Promise<void> {
  await Promise.all(servers.all.map((server) => server.start()));
  await servers.untilWell();
}

test("hosts join", async () => {
  const joined = await fleet("join", "one", "two", "three");
  expect(joined, joined.stderr).toMatchObject({ status: 0 });
  for (const host of hosts) follow(host);
}, 120_000);

test("a revocation that comes over lines and through the store at once: each host says what it has closed", async () => {
  for (const name of ["first", "second", "third"]) {
    const open = await enrol(name);
    const answers = await Promise.all(hosts.map((host) => once(open(host, "/events"), "response")));
    for (const [answer] of answers as [IncomingMessage][]) answer.on("error", () => {}).resume();
    const revoked = await fleet("revoke", name);
    expect(revoked, revoked.stderr).toMatchObject({ status: 0 });
    expect(revoked.stdout.match(/closed 1 connection\b/g), revoked.stdout).toHaveLength(3);
  }
  for (const host of hosts) cutLine(host);
}, 120_000);

test("a client is added and revoked on hosts that the operator cannot reach, with their receipts", async () => {
  const eve = await enrol("eve");
  for (const host of hosts) expect(await statusOf(eve(host))).toBe(200);
  const revoked = await fleet("revoke", "eve");
  expect(revoked, revoked.stderr).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/^(cannot reach .*\n)?$/),
  });
  expect(revoked.stdout).toMatch(/one .*by its receipt/);
  for (const host of hosts) expect(await statusOf(eve(host))).toBe(403);
}, 120_000);

test("the audit logs of hosts that no line reaches come through the store, as they are, and are followed", async () => {
  const reader = await enrol("reader");
  await expectLogsThroughStore(laptop, fleet, hosts, reader);
  await expectFollowedThroughStore(laptop, hosts[0] as GatewayStage, reader);
}, 120_000);

test("one server is killed with -9 and another stands still: nothing is lost, nobody revoked comes in", async () => {
  const [one, , three] = servers.all;
  const gone = await enrol("gone");
  await one?.kill();
  const after = await enrol("after");
  const revoked = await fleet("revoke", "gone");
  expect(revoked, revoked.stderr).toMatchObject({ status: 0 });
  for (const host of hosts)
    expect([await statusOf(gone(host)), await statusOf(after(host))]).toEqual([403, 200]);
  await one?.start();
  await one?.untilWell();
  process.kill(three?.pid ?? 0, "SIGSTOP");
  try {
    const later = await fleet("revoke", "after");
    expect(later, later.stderr).toMatchObject({ status: 0 });
    for (const host of hosts)
      expect([await statusOf(gone(host)), await statusOf(after(host))]).toEqual([403, 403]);
  } finally {
    process.kill(three?.pid ?? 0, "SIGCONT");
  }
}, 240_000);

test("all servers lose their data: the hosts go on, and take a list with a higher version only", async () => {
  const kept = await enrol("kept");
  await wipe();
  for (const host of hosts) expect(await statusOf(kept(host))).toBe(200);
  expect(await fleet("status")).toMatchObject({ status: 1 });
  await startAgain();
  const pushed = await fleet("push");
  expect(pushed, pushed.stderr).toMatchObject({ status: 0 });
  for (const host of hosts) expect(await statusOf(kept(host))).toBe(200);
  expect(await fleet("revoke", "kept")).toMatchObject({ status: 0 });
  for (const host of hosts) expect(await statusOf(kept(host))).toBe(403);
}, 240_000);

test("a host that has left gets no more lists, also once all servers have lost their data again", async () => {
  const three = hosts[2] as GatewayStage;
  const link = readFileSync(join(three.folder, "fleet-store.json"), "utf8");
  const { address, credentials } = JSON.parse(link) as { address: StoreAddress; credentials: string };
  const who = { credentials: Buffer.from(credentials), inbox: inboxOf("acme", "three") };
  const connects = () =>
    connectTo(address, who).then(
      async (connection) => connection.close().then(() => true),
      () => false,
    );
  expect(await connects()).toBe(true);
  const left = await fleet("leave", "three", "--force");
  expect(left, left.stderr).toMatchObject({ status: 0 });
  expect(await connects()).toBe(false);
  await wipe();
  await startAgain();
  expect(await connects()).toBe(true);
  const pushed = await fleet("push");
  expect(pushed, pushed.stderr).toMatchObject({ status: 0 });
  expect(pushed.stderr).toContain(
    "the store had forgotten that 1 credential of a host was ended; it knows now\n",
  );
  expect(await connects()).toBe(false);
}, 240_000);
