/** Two operators on machines of their own, a web server as the store, two gateways: both change the list; a stolen key is removed. */

import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS } from "../../src/base/index.ts";
import { makeOperatorKey, parseKeptFleet, signDocuments } from "../../src/fleet/index.ts";
import { type StoreServer, startStore } from "../support/fleet/store-server.ts";
import { mustRun } from "../support/run.ts";
import { makeServerCertificate } from "./fake-engine.ts";
import { fleetStage, statusOf } from "./fleet-stage.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates } from "./sample-line.ts";

let annas: LaptopStage;
let bens: LaptopStage;
let store: StoreServer;
let hosts: readonly GatewayStage[];
const anna = fleetStage(() => annas);
const ben = fleetStage(() => bens);

beforeAll(async () => {
  [annas, bens] = [makeLaptopStage(), makeLaptopStage()];
  const certificates = makeCertificates(100);
  store = await startStore({ ca: certificates.ca, ...makeServerCertificate(certificates) });
  hosts = await Promise.all(["one", "two"].map((line) => startGateway(annas, line, `host-${line}`)));
  expect(await anna.fleet("init", "acme", ...store.flags)).toMatchObject({ status: 0 });
  expect(await anna.fleet("join", "one", "two")).toMatchObject({ status: 0 });
  for (const host of hosts) anna.follow(host);
  // Ben has a line to one of the hosts.
  cpSync(join(annas.home, "lines/one"), join(bens.home, "lines/one"), { recursive: true });
}, 60_000);

afterAll(async () => {
  anna.stopFollowing();
  await Promise.all((hosts ?? []).map((host) => host.stop()));
  await store?.remove();
  for (const laptop of [annas, bens]) laptop?.remove();
});

const listIn = (laptop: LaptopStage) => join(laptop.home, "fleets/acme/lists");
const versionOf = (told: { stdout: string }) => Number(/version (\d+)/.exec(told.stdout)?.[1]);

test("Ben makes a key, Anna adds it, and Ben opens the fleet with her file", async () => {
  const key = await ben.fleet("operator", "key", "acme");
  expect(key).toMatchObject({ status: 0, stdout: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/) });
  expect(await ben.fleet("operator", "key", "acme")).toEqual(key);
  const [pub, file] = [join(annas.work, "ben.pub"), join(annas.work, "acme.json")];
  writeFileSync(pub, key.stdout);
  const before = versionOf(await anna.fleet("status"));
  const add = (publicKey: string, out: string) =>
    anna.fleet("operator", "add", "ben@desk", "--public-key", publicKey, "--out", out);
  expect(await add(pub, pub)).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("nobody was added"),
  });
  const secret = join(annas.work, "secret.pem");
  writeFileSync(secret, makeOperatorKey());
  expect(await add(secret, file)).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("this is a private key, which never leaves its machine"),
  });
  expect(versionOf(await anna.fleet("status"))).toBe(before);
  const added = await anna.fleet("operator", "add", "ben@desk", "--public-key", pub, "--out", file);
  expect(added, added.stderr).toMatchObject({ status: 0 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const again = await anna.fleet("operator", "add", "ben@desk", "--public-key", pub, "--out", file);
  expect(again).toMatchObject({ status: 3, stderr: expect.stringContaining("it exists already") });
  const place = ["--folder", store.folder, "--receipts-folder", store.receipts];
  expect(await ben.fleet("open", file)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("--folder is missing"),
  });
  expect(await ben.fleet("open", file, "--folder", store.folder)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("--receipts-folder is missing"),
  });
  const wrong = await ben.fleet("open", file, "--folder", bens.work, "--receipts-folder", bens.work);
  expect(wrong).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(
      /^warning: https.+ serves another list than the one in .+\nwarning: .+ has no receipt of any host.+\ntry: tetherdock fleet open /m,
    ),
  });
  const opened = await ben.fleet("open", file, ...place);
  expect(opened.stderr).not.toContain("warning");
  expect(opened).toMatchObject({ status: 0, stderr: expect.stringContaining("no line to two") });
  const { stdout } = await ben.fleet("operator", "ls");
  expect(stdout).toMatch(/^OPERATOR .*\n.+\nben@desk {2,}[0-9a-f]{16} {2,}this machine\n$/);
  const secrets = await bens.run("find", bens.home, "-perm", "/077", "-path", "*fleets*");
  expect(secrets.stdout).toBe("");
});

test("what Ben changes is on every host, and Anna's next change follows it", async () => {
  const carol = await ben.enrol("carol");
  for (const host of hosts) expect(await statusOf(carol(host))).toBe(200);
  const changed = await anna.fleet("client", "role", "carol", "operator");
  expect(changed).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(
      /^took version \d+ from the store, signed by "?ben@desk"?; new clients: "?carol"?\n/,
    ),
  });
  expect(versionOf(await ben.fleet("status"))).toBe(versionOf(changed));
  // No line of his reaches two: its receipt confirms the change to him.
  const bens = await ben.fleet("client", "role", "carol", "viewer");
  expect(bens, bens.stderr).toMatchObject({ status: 0 });
  expect(bens.stdout).toMatch(new RegExp(`^two +${versionOf(bens)} +- +by its receipt, `, "m"));
  expect((await anna.fleet("revoke", "carol")).status).toBe(0);
  for (const host of hosts) expect(await statusOf(carol(host))).toBe(403);
}, 180_000);

/** Past tetherdock, as a thief who has Ben's key, and his line to the host. */
async function forge(host: GatewayStage, operator: string, version: string) {
  const { operatorKey } = JSON.parse(operator) as { operatorKey: string };
  const kept = parseKeptFleet(version, "stolen");
  const { list } = kept.view;
  const signing = {
    now: Date.now(),
    validMs: 30 * DAY_MS,
    rootMs: 730 * DAY_MS,
    above: kept.view.version + 100,
  };
  const documents = signDocuments(kept, list, { key: createPrivateKey(operatorKey), ...signing });
  const read = (one: string) => readFileSync(join(bens.home, "lines", host.line, "docker", one), "utf8");
  const asking = request({
    ...{ host: "127.0.0.1", port: host.port, method: "PUT", path: "/tetherdock/v1/fleet", agent: false },
    ...{ ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") },
  });
  const { hosts: _, ...sent } = documents;
  asking.end(JSON.stringify(sent));
  const [answer] = await once(asking, "response");
  return { status: answer.statusCode as number, body: await text(answer) };
}

const newestOf = async (laptop: LaptopStage) => {
  const { stdout } = await laptop.run("sh", "-c", `ls ${listIn(laptop)} | tail -1`);
  return readFileSync(join(listIn(laptop), stdout.trim()), "utf8");
};
const operatorOf = (laptop: LaptopStage) =>
  readFileSync(join(laptop.home, "fleets/acme/operator.json"), "utf8");

test("with a threshold of two, one key changes nothing, and one operator still revokes at once", async () => {
  const mallory = await ben.enrol("mallory");
  const carol = await anna.enrol("carol2");
  const proposed = await anna.fleet("operator", "threshold", "2");
  expect(proposed).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("waits for 1 more signature"),
  });
  expect(await ben.fleet("sign")).toMatchObject({ status: 3, stderr: expect.stringContaining("--yes") });
  const signed = await ben.fleet("sign", "--yes");
  expect(signed, signed.stderr).toMatchObject({
    status: 0,
    stderr: expect.stringContaining("~ signatures needed: 1 becomes 2"),
  });
  // A thief who has Ben's key, and a line to the host.
  const [one] = hosts as [GatewayStage];
  expect(await forge(one, operatorOf(bens), await newestOf(bens))).toMatchObject({
    status: 409,
    body: expect.stringContaining("signed by 1/2 keys"),
  });
  expect(await anna.fleet("client", "role", "mallory", "operator")).toMatchObject({ status: 1 });
  const status = await ben.fleet("status");
  expect(status.stdout).toMatch(
    /a change waits for 1 more signature; signed by .*\n {2}~ client mallory: .*viewer.* becomes .*operator/,
  );
  // Whoever can write to the store changes what waits: nobody signs that.
  const file = join(store.folder, "proposal.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll("operator", "admin"));
  const tampered = await ben.fleet("sign", "--yes");
  expect(tampered).toMatchObject({ status: 3, stderr: expect.stringContaining("cannot be signed") });
  writeFileSync(file, text);
  const revoked = await ben.fleet("revoke", "mallory");
  expect(revoked, revoked.stderr).toMatchObject({ status: 0 });
  for (const host of hosts) expect(await statusOf(mallory(host))).toBe(403);
  for (const host of hosts) expect(await statusOf(carol(host))).toBe(200);
  // The store cannot be written when the last signature is there: the change goes on waiting for the others, and a push publishes it.
  await mustRun(["mount", "--bind", store.folder, store.folder]);
  try {
    await mustRun(["mount", "-o", "remount,bind,ro", store.folder]);
    const unpublished = await ben.fleet("sign", "--yes");
    expect(unpublished).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("the file system is read-only"),
    });
    expect(unpublished.stderr).toContain("fleet push --fleet acme   # once the store can be written");
  } finally {
    await mustRun(["umount", store.folder]);
  }
  expect((await anna.fleet("status")).stdout).toMatch(/a change waits .*; signed by/);
  const both = await ben.fleet("push");
  expect(both, both.stderr).toMatchObject({ status: 0 });
  expect((await anna.fleet("status")).stdout).not.toContain("a change waits");
  for (const host of hosts) expect(await statusOf(mallory(host))).toBe(403);
  expect(await ben.fleet("operator", "threshold", "1")).toMatchObject({ status: 1 });
  expect(await anna.fleet("sign", "--yes")).toMatchObject({ status: 0 });
  expect(await anna.fleet("revoke", "carol2")).toMatchObject({ status: 0 });
}, 240_000);

test("a key is replaced by its owner, then removed by another: hosts refuse what it signs", async () => {
  const newest = () => newestOf(bens);
  const operator = () => operatorOf(bens);
  const [one] = hosts as [GatewayStage];
  const before = [operator(), await newest()] as const;
  const rotated = await ben.fleet("operator", "rotate");
  expect(rotated, rotated.stderr).toMatchObject({ status: 0 });
  const refusedBefore = await forge(one, ...before);
  expect(refusedBefore).toMatchObject({ status: 409, body: expect.stringContaining("signed by 0/1 keys") });
  // Ben's machine works on with the new key.
  expect(await ben.fleet("push")).toMatchObject({ status: 0 });
  const after = [operator(), await newest()] as const;
  const removed = await anna.fleet("operator", "rm", "ben@desk");
  expect(removed, removed.stderr).toMatchObject({ status: 0 });
  expect(await forge(one, ...after)).toMatchObject({
    status: 409,
    body: expect.stringContaining("signed by 0/1 keys"),
  });
  expect(await ben.fleet("push")).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("no longer an operator's"),
  });
  const status = await ben.fleet("status");
  expect(status).toMatchObject({ status: 3, stderr: expect.stringContaining("no longer an operator's") });
  expect(status.stderr.match(/try: .*/g)).toEqual([
    "try: tetherdock fleet operator ls --fleet acme   # who could add it again",
  ]);
  expect((await ben.fleet("audit")).stderr).toMatch(
    /^warning: the key of this machine is no longer an operator's/m,
  );
  expect((await anna.fleet("operator", "ls", "--json")).stdout).not.toContain("ben@desk");
  expect(await anna.fleet("push")).toMatchObject({ status: 0 });
}, 180_000);
