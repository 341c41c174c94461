/** Three operators, two of whom have to sign, each with a machine and a process of their own: what one of them could not publish, and what two revoke at once. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StoreServer, startStore } from "../support/fleet/store-server.ts";
import { mustRun } from "../support/run.ts";
import { makeServerCertificate } from "./fake-engine.ts";
import { type Asks, fleetStage, statusOf } from "./fleet-stage.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates } from "./sample-line.ts";

type Operator = ReturnType<typeof fleetStage>;

let laptops: readonly LaptopStage[];
let [anna, ben, carol]: Operator[] = [];
let store: StoreServer;
let host: GatewayStage;
const clients = new Map<string, Asks>();

const ran = async (who: Operator | undefined, status: number, ...args: string[]) => {
  const done = (await who?.fleet(...args)) ?? expect.fail("there is no operator");
  expect(done, `${args.join(" ")}\n${done.stderr}`).toMatchObject({ status });
  return done;
};
const ok = (who: Operator | undefined, ...args: string[]) => ran(who, 0, ...args);
const accessOf = async (name: string) => statusOf((clients.get(name) ?? expect.fail(name))(host));

/** Another machine operates the fleet too. */
async function open(who: Operator | undefined, name: string, { work }: LaptopStage): Promise<void> {
  const [pub, file] = [join(work, "key.pub"), join(work, "acme.json")];
  writeFileSync(pub, (await ok(who, "operator", "key", "acme")).stdout);
  await ok(anna, "operator", "add", name, "--public-key", pub, "--out", file);
  await ok(who, "open", file, "--folder", store.folder, "--receipts-folder", store.receipts);
}

beforeAll(async () => {
  laptops = [makeLaptopStage(), makeLaptopStage(), makeLaptopStage()];
  const [annas, bens, carols] = laptops as [LaptopStage, LaptopStage, LaptopStage];
  [anna, ben, carol] = laptops.map((laptop) => fleetStage(() => laptop));
  const certificates = makeCertificates(100);
  store = await startStore({ ca: certificates.ca, ...makeServerCertificate(certificates) });
  host = await startGateway(annas, "one", "host-one");
  await ok(anna, "init", "acme", ...store.flags);
  await ok(anna, "join", "one");
  anna?.follow(host);
  await open(ben, "ben@desk", bens);
  await open(carol, "carol@desk", carols);
  for (const name of ["mallory", "nina", "kim", "leo"]) {
    const asks = (await anna?.enrol(name)) ?? expect.fail(name);
    clients.set(name, asks);
  }
  await ran(anna, 1, "operator", "threshold", "2");
  await ok(ben, "sign", "--yes");
}, 120_000);

afterAll(async () => {
  anna?.stopFollowing();
  await host?.stop();
  await store?.remove();
  for (const laptop of laptops ?? []) laptop.remove();
});

/** The store's disk can be read only. */
async function readOnly(work: () => Promise<unknown>): Promise<void> {
  await mustRun(["mount", "--bind", store.folder, store.folder]);
  try {
    await mustRun(["mount", "-o", "remount,bind,ro", store.folder]);
    await work();
  } finally {
    await mustRun(["umount", store.folder]);
  }
}

test("a change that one could not publish gives way to the others', and what was revoked stays revoked", async () => {
  await ran(anna, 1, "client", "role", "mallory", "operator");
  await readOnly(async () => {
    expect((await ran(ben, 1, "sign", "--yes")).stderr).toContain("the file system is read-only");
    expect((await ran(ben, 1, "revoke", "nina")).stderr).toContain("the file system is read-only");
  });
  await ok(anna, "sign", "--drop");
  await ran(anna, 1, "client", "role", "mallory", "deployer");
  await ok(carol, "sign", "--yes");
  expect(await accessOf("nina")).toBe(200);
  const conflict = await ran(ben, 3, "client", "role", "kim", "operator");
  expect(conflict.stderr).toContain("clients different there: mallory");
  expect(conflict.stderr).toContain("tetherdock fleet push --fleet acme   # takes the list of the store");
  const pushed = await ok(ben, "push");
  expect(pushed.stderr).toMatch(/took version \d+ from the store, signed by .*carol@desk/);
  expect(pushed.stderr).toContain("if this one lacks it, make it again");
  expect([await accessOf("nina"), await accessOf("mallory")]).toEqual([403, 200]);
  for (const who of [anna, ben, carol]) {
    const { stdout } = await ok(who, "client", "ls");
    expect(stdout).toMatch(/^mallory +deployer +active/m);
    expect(stdout).toMatch(/^nina +viewer +revoked/m);
  }
  await ran(ben, 1, "client", "role", "mallory", "operator");
  await ok(anna, "sign", "--yes");
}, 180_000);

test("two who revoke within one wait for the host both hear that it has both", async () => {
  const published = () => readFileSync(join(store.folder, "fleet.json"), "utf8");
  const before = published();
  const bens = ok(ben, "revoke", "kim");
  await expect.poll(published, { timeout: 20_000, interval: 20 }).not.toBe(before);
  const carols = ok(carol, "revoke", "leo");
  await Promise.all([bens, carols]);
  expect([await accessOf("kim"), await accessOf("leo")]).toEqual([403, 403]);
}, 120_000);
