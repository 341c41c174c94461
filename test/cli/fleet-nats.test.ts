/** A fleet with a cluster of three NATS servers: they, the gateways, and the fleet processes beside them are the real ones. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeKeyPair } from "../../src/pki/index.ts";
import { configFrom, type NatsServers, natsPorts, startNats } from "../support/fleet/nats-servers.ts";
import { makeServerCertificate } from "./fake-engine.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates } from "./sample-line.ts";

let laptop: LaptopStage;
let servers: NatsServers;
let hosts: readonly GatewayStage[];
const processes: ChildProcess[] = [];

const fleet = async (...args: string[]) => {
  const { stdout, stderr, status } = await laptop.run("tetherdock", "fleet", ...args);
  return { stdout, stderr, status };
};

/** With the file of the gateway, as systemd does. */
function follow({ folder }: GatewayStage): void {
  const child = laptop.spawn("tetherdock", ["fleet", "host", "--link", join(folder, "fleet-store.json")]);
  child.stderr?.resume();
  child.stdout?.resume();
  processes.push(child);
}

/** The operator's line leads nowhere any more, as with a host behind NAT. */
function cutLine({ line }: GatewayStage): void {
  const path = join(laptop.home, "lines", line, "line.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), port: 1 }));
}

/** A client of the fleet. @returns what a host answers it */
async function enrol(name: string): Promise<(host: GatewayStage) => Promise<number>> {
  const { publicKey, privateKey: key } = makeKeyPair();
  const [file, out] = [join(laptop.work, `${name}.pub`), join(laptop.work, name)];
  writeFileSync(file, publicKey);
  const added = await fleet("client", "add", name, "--role", "viewer", "--public-key", file, "--out", out);
  expect(added, added.stderr).toMatchObject({ status: 0 });
  return async (host) => {
    const read = (one: string) => readFileSync(join(out, host.line, one), "utf8");
    const asking = request({
      ...{ host: "127.0.0.1", port: host.port, path: "/containers/json", agent: false },
      ...{ ca: read("ca.pem"), cert: read("cert.pem"), key },
    });
    asking.end();
    const [answer] = await once(asking, "response");
    await text(answer);
    return answer.statusCode;
  };
}

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
  for (const child of processes) child.kill("SIGTERM");
  await Promise.all((hosts ?? []).map((host) => host.stop()));
  await servers?.[Symbol.asyncDispose]();
  laptop?.remove();
});

test("hosts join", async () => {
  const joined = await fleet("join", "one", "two", "three");
  expect(joined, joined.stderr).toMatchObject({ status: 0 });
  for (const host of hosts) follow(host);
  for (const host of hosts) cutLine(host);
}, 120_000);

test("a client is added and revoked on hosts that the operator cannot reach, with their receipts", async () => {
  const eve = await enrol("eve");
  for (const host of hosts) expect(await eve(host)).toBe(200);
  const revoked = await fleet("revoke", "eve");
  expect(revoked, revoked.stderr).toMatchObject({ status: 0, stderr: "" });
  expect(revoked.stdout).toMatch(/one .*by its receipt/);
  for (const host of hosts) expect(await eve(host)).toBe(403);
}, 120_000);

test("one server is killed with -9 and another stands still: nothing is lost, nobody revoked comes in", async () => {
  const [one, , three] = servers.all;
  const gone = await enrol("gone");
  await one?.kill();
  const after = await enrol("after");
  const revoked = await fleet("revoke", "gone");
  expect(revoked, revoked.stderr).toMatchObject({ status: 0 });
  for (const host of hosts) expect([await gone(host), await after(host)]).toEqual([403, 200]);
  await one?.start();
  process.kill(three?.pid ?? 0, "SIGSTOP");
  try {
    const later = await fleet("revoke", "after");
    expect(later, later.stderr).toMatchObject({ status: 0 });
    for (const host of hosts) expect([await gone(host), await after(host)]).toEqual([403, 403]);
  } finally {
    process.kill(three?.pid ?? 0, "SIGCONT");
  }
}, 240_000);

test("all servers lose their data: the hosts go on, and take a list with a higher version only", async () => {
  const kept = await enrol("kept");
  for (const server of servers.all) await server.wipe();
  for (const host of hosts) expect(await kept(host)).toBe(200);
  expect(await fleet("status")).toMatchObject({ status: 1 });
  await Promise.all(servers.all.map((server) => server.start()));
  await Promise.all(servers.all.map((server) => server.untilLed()));
  const pushed = await fleet("push");
  expect(pushed, pushed.stderr).toMatchObject({ status: 0 });
  for (const host of hosts) expect(await kept(host)).toBe(200);
  expect(await fleet("revoke", "kept")).toMatchObject({ status: 0 });
  for (const host of hosts) expect(await kept(host)).toBe(403);
}, 240_000);
