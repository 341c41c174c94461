import { once } from "node:events";
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StoreServer, startStore } from "../support/fleet/store-server.ts";
import { expectFollowedThroughStore, expectLogsThroughStore } from "./audit-through-store.ts";
import { makeServerCertificate } from "./fake-engine.ts";
import { fleetStage, statusOf } from "./fleet-stage.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates } from "./sample-line.ts";

let laptop: LaptopStage;
let store: StoreServer;
/** The first list that was published. */
let first: string;
let hosts: readonly GatewayStage[];
const { fleet, enrol, follow, followers, stopFollowing, cutLine } = fleetStage(() => laptop);

beforeAll(async () => {
  laptop = makeLaptopStage();
  const certificates = makeCertificates(100);
  store = await startStore({ ca: certificates.ca, ...makeServerCertificate(certificates) });
  hosts = await Promise.all(["one", "two"].map((line) => startGateway(laptop, line, `host-${line}`)));
}, 60_000);

afterAll(async () => {
  stopFollowing();
  await Promise.all((hosts ?? []).map((host) => host.stop()));
  await store?.remove();
  laptop?.remove();
});

test("a host that joins learns where the store is, and writes a receipt", async () => {
  expect(await fleet("init", "acme", ...store.flags)).toMatchObject({ status: 0, stdout: "acme\n" });
  first = readFileSync(published(), "utf8");
  const joined = await fleet("join", "one", "two");
  expect(joined).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/^try: tetherdock upgrade one two /),
  });
  for (const host of hosts) follow(host);
  await expect.poll(() => readdirSync(store.receipts).length, { timeout: 30_000 }).toBe(2);
});

test("status over the line says why a store takes no receipts, as with a wrong address for them", async () => {
  const [, url = "", ...flags] = store.flags;
  const move = async (...more: string[]) => {
    const old = readdirSync(store.receipts);
    const moved = await fleet("store", url, ...flags, ...more);
    expect(moved, moved.stderr).toMatchObject({ status: 0 });
    stopFollowing();
    followers.length = 0;
    // Each store has secret names of its own.
    for (const name of old) rmSync(join(store.receipts, name));
    for (const host of hosts) follow(host);
  };
  const remarks = async () => (await fleet("status")).stdout;
  const right = flags.indexOf("--receipts") + 1;
  const receipts = flags[right] ?? "";
  flags[right] = url;
  await move();
  const told = /one .*the store does not take its receipt: "it answers with status 40[35]"/;
  await expect.poll(remarks, { timeout: 30_000 }).toMatch(told);
  flags[right] = receipts;
  await move();
  await expect.poll(remarks, { timeout: 30_000 }).not.toMatch(/receipt|does not run/);
}, 90_000);

test("hosts that no line reaches get the list from the store, and confirm a revocation by a receipt", async () => {
  for (const host of hosts) cutLine(host);
  const eve = await enrol("eve");
  const [one] = hosts as [GatewayStage];
  expect(await statusOf(eve(one))).toBe(200);
  const [answer] = await once(eve(one, "/events"), "response");
  const ended = new Promise((resolve) => answer.on("error", () => {}).on("close", resolve));
  answer.resume();
  const { status, stdout } = await fleet("revoke", "eve", "--json");
  await ended;
  expect(status).toBe(0);
  const told = JSON.parse(stdout) as { version: number; hosts: { host: string; stored: object }[] };
  expect(told.hosts).toMatchObject([
    { host: "one", stored: { inForce: told.version, refused: null, closed: 1, open: 0 } },
    { host: "two", stored: { inForce: told.version, refused: null, closed: 0, open: 0 } },
  ]);
  for (const host of hosts) expect(await statusOf(eve(host))).toBe(403);
}, 120_000);

test("the audit logs of hosts that no line reaches come through the web server, as they are, and are followed", async () => {
  const reader = await enrol("reader");
  await expectLogsThroughStore(laptop, fleet, hosts, reader);
  await expectFollowedThroughStore(laptop, hosts[0] as GatewayStage, reader);
  // Nothing of it stays.
  expect(readdirSync(store.folder).filter((name) => name.startsWith("ask"))).toEqual([]);
  expect(readdirSync(store.receipts).filter((name) => name.endsWith(".answer"))).toEqual([]);
}, 120_000);

test("a revocation is in force within the interval at which hosts ask", async () => {
  const dora = await enrol("dora");
  expect(await fleet("revoke", "dora")).toMatchObject({ status: 0 });
  const since = statSync(published()).mtimeMs;
  const { inForce, at } = receiptOf("one");
  expect(await statusOf(dora(hosts[0] as GatewayStage))).toBe(403);
  expect(versionIn(readFileSync(published(), "utf8"))).toBe(inForce);
  // Hosts ask every 10 s; the rest is for this machine, which does much else.
  expect(at - since).toBeLessThan(15_000);
}, 120_000);

/** With a certificate that the web server does not ask for. @returns the answer's status */
async function asked(method: string, path: string, body?: string): Promise<number> {
  const [, url = "", , ca = ""] = store.flags;
  const asking = request(new URL(path, url), { method, ca: readFileSync(ca), agent: false }).end(body);
  const [answer] = await once(asking, "response");
  answer.resume();
  return answer.statusCode;
}

test("the web server of docs/fleet.md gives nobody the right to write the list, or to read receipts", async () => {
  const before = readFileSync(published(), "utf8");
  const [receipt = ""] = readdirSync(store.receipts);
  for (const path of ["/acme/fleet.json", "/acme/hosts.json", "/acme/proposal.json", "/receipts/x.json"])
    expect(await asked("PUT", path, "{}")).toBeGreaterThanOrEqual(400);
  for (const path of [`/receipts/${receipt}`, "/receipts/", "/receipts", "/acme/", "/acme/../receipts/"])
    expect(await asked("GET", path)).toBeGreaterThanOrEqual(400);
  expect(await asked("PUT", `/receipts/${receipt}`, "x".repeat(3_000))).toBe(413);
  // Strangers could fill the server's disk with files of names that they make up.
  for (const ending of ["json", "answer"])
    expect(await asked("PUT", `/receipts/one.${"a".repeat(32)}.${ending}`, "{}")).toBe(403);
  expect(await asked("DELETE", `/receipts/${receipt}`)).toBeGreaterThanOrEqual(400);
  expect(readFileSync(published(), "utf8")).toBe(before);
});

test("status shows what the store has, and what the receipts of hosts say", async () => {
  const { stdout, status } = await fleet("status");
  expect(status).toBe(0);
  expect(stdout).toMatch(/one .*by its receipt/);
  expect(stdout).toMatch(/\nstore https:\/\/127.0.0.1:\d+\/acme: version \d+\n$/);
});

const published = () => join(store.folder, "fleet.json");

function versionIn(publication: string): number {
  const { documents } = JSON.parse(publication) as { documents: { timestamp: string } };
  return (JSON.parse(documents.timestamp) as { signed: { version: number } }).signed.version;
}

/** What a host has written into the store. */
function receiptOf(host: string): { inForce: number; rejected: string | null; at: number } {
  return JSON.parse(readFileSync(receiptFile(host), "utf8"));
}

const receiptFile = (host: string): string =>
  join(store.receipts, readdirSync(store.receipts).find((one) => one.startsWith(`${host}.`)) ?? "");

/** A hostile store, or one that was restored from a backup. */
test("a store that brings an old list back, or mixes two, changes nothing on a host, and status tells", async () => {
  const newest = readFileSync(published(), "utf8");
  const { inForce } = receiptOf("one");
  const mixed = JSON.parse(newest) as { documents: { timestamp: string } };
  mixed.documents.timestamp = (JSON.parse(first) as typeof mixed).documents.timestamp;
  for (const [text, why, told] of [
    [first, /version \d+ is less than current version/, /it has version 1, not \d+/],
    [JSON.stringify(mixed), /is less than|Expected/, /FLEET_STORE_FAILED/],
    ["garbage", /not JSON/, /not JSON/],
  ] as const) {
    writeFileSync(published(), text);
    await expect.poll(() => receiptOf("one").rejected, { timeout: 60_000 }).toMatch(why);
    expect(receiptOf("one").inForce).toBe(inForce);
    const { status, stderr } = await fleet("status");
    expect([status, stderr]).toEqual([1, expect.stringMatching(told)]);
  }
}, 120_000);

test("a store that has one GiB, then nothing, is lost; the next push brings a newer list", async () => {
  truncateSync(published(), 1024 ** 3);
  const { length } = store.asked();
  const since = () => store.asked().slice(length).join();
  await expect.poll(since, { timeout: 60_000 }).toContain("GET /acme/fleet.json 200");
  expect((await fleet("status")).stderr).toContain("longer than 2097152 bytes");
  rmSync(published());
  await expect.poll(since, { timeout: 60_000 }).toContain("GET /acme/fleet.json 404");
  expect((await fleet("status")).stderr).toContain("nothing is published");
  for (const child of followers) expect(child.exitCode).toBeNull();
  const pushed = await fleet("push");
  expect(pushed, pushed.stderr).toMatchObject({ status: 0 });
  expect((await fleet("status")).status).toBe(0);
}, 180_000);

test("without a store, a host that no line reaches is named, and nothing is lost", async () => {
  await store.stop();
  const pushed = await fleet("push");
  expect(pushed.status).toBe(1);
  expect(pushed.stderr).toMatch(
    /missing on 2 of 2 hosts(.|\n)*why: one: (.*)has version \d+(.|\n)*two: (.*)has version/,
  );
  // Who owns the store can write receipts. What the gateways have not signed confirms nothing.
  const [version] = /version (\d+)/.exec(pushed.stdout)?.slice(1).map(Number) ?? [];
  const { signature: _, ...unsigned } = { signature: "", ...receiptOf("two"), inForce: version };
  writeFileSync(receiptFile("one"), JSON.stringify({ ...receiptOf("one"), inForce: version }));
  writeFileSync(receiptFile("two"), JSON.stringify(unsigned));
  const forged = await fleet("status");
  expect(forged).toMatchObject({ status: 1, stdout: expect.stringMatching(/\none +- /) });
  expect(forged.stderr).toMatch(
    /one: its receipt is not signed by its gateway(.|\n)*two: (.*)its receipt is not signed,/,
  );
  await store.start();
  await expect.poll(() => receiptOf("one").inForce, { timeout: 90_000 }).toBe(receiptOf("two").inForce);
  expect(await fleet("push")).toMatchObject({ status: 0 });
}, 240_000);

test("an unchanged list is not sent again", async () => {
  await expect
    .poll(() => store.asked().join("\n"), { timeout: 30_000 })
    .toMatch(/GET \/acme\/fleet.json 304/);
});

test("a host that has left is told nothing more by the store", async () => {
  const left = await fleet("leave", "two", "--force");
  expect(left, left.stderr).toMatchObject({ status: 0 });
  expect(readdirSync(store.receipts).filter((name) => name.startsWith("two."))).toEqual([]);
  expect(existsSync(join((hosts[1] as GatewayStage).folder, "fleet-store.json"))).toBe(true);
}, 120_000);

test("init says if the web server does not serve the list, and store says nothing once it does", async () => {
  const [, url = "", ...flags] = store.flags;
  const wrong = await fleet("init", "typo", "--store", url.replace(/acme$/, "acmee"), ...flags);
  expect(wrong).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/does not serve the list yet: https:.*acmee: .*nothing is published/),
  });
  const right = await fleet("store", "--fleet", "typo", url, ...flags);
  expect(right.status).toBe(0);
  expect(right.stderr).not.toContain("does not serve the list");
});

test("a fleet process ends within seconds when its gateway has another socket, or none", async () => {
  const [child] = followers;
  expect(child?.exitCode).toBeNull();
  await hosts[0]?.pause();
  // Its next look at the gateway could be a minute away.
  await expect.poll(() => child?.exitCode, { timeout: 10_000 }).not.toBeNull();
});
