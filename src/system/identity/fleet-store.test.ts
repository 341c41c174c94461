/** The fleets of an operator on disk: made whole, each version once. */
import { execFile, execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { accepted, fleetList, makeOperator, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import { type KeptFleet, makeOperatorKey, type OperatedFleet, operatorOf } from "../../fleet/index.ts";
import { createFleetStore } from "./fleet-store.ts";

const key = makeOperator();
const ca = { certificate: "c", privateKey: "k" };
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "tetherdock-test-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function keptAfter(before: KeptFleet | null): Promise<KeptFleet> {
  const signed = await accepted(before?.documents ?? null, signNext(before, key, fleetList()));
  return { documents: signed.documents, view: signed.view, revoked: [] };
}

async function fleetCalled(name: string): Promise<OperatedFleet> {
  return { name, ca, operatorKey: "key", store: null, kept: await keptAfter(null) };
}

test("a fleet is read as it was made, with the latest version of its list", async () => {
  const store = createFleetStore(home);
  expect(await store.list()).toEqual([]);
  const acme = await fleetCalled("acme");
  await store.create(acme);
  expect(await store.read("acme")).toEqual(acme);
  const next = await keptAfter(acme.kept);
  await store.publish("acme", next);
  expect((await store.read("acme")).kept).toEqual(next);
  expect(await store.list()).toEqual(["acme"]);
});

test("how to write to the fleet's store is kept for the owner only, until it has none", async () => {
  const fleets = createFleetStore(home);
  await fleets.create(await fleetCalled("stored"));
  const store = { address: { urls: ["https://web.example/fleet/"], ca: null }, settings: "secret" };
  await fleets.setStore("stored", store);
  expect((await fleets.read("stored")).store).toEqual(store);
  const path = join(home, "fleets/stored/store.json");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeFile(path, "{}");
  expect(await failureOf(fleets.read("stored"))).toMatchObject({ code: "FLEET_BROKEN" });
  await fleets.setStore("stored", null);
  expect((await fleets.read("stored")).store).toBeNull();
});

test("of many changes of what is kept of the store at once, none is lost, and a store that was replaced stays replaced", async () => {
  const fleets = createFleetStore(home);
  await fleets.create(await fleetCalled("busy"));
  await fleets.changeSettings("busy", () => expect.fail("it has no store"));
  const store = (settings: string) => ({ address: { urls: ["nats://one.example"], ca: null }, settings });
  await fleets.setStore("busy", store(""));
  const others = () => createFleetStore(home);
  await Promise.all(Array.from({ length: 20 }, () => others().changeSettings("busy", (text) => `${text}x`)));
  expect((await fleets.read("busy")).store).toEqual(store("x".repeat(20)));
  await Promise.all([
    fleets.setStore("busy", store("new")),
    ...["a", "b"].map((one) =>
      others().changeSettings("busy", (text) => (text === "new" ? text : `${text}${one}`)),
    ),
  ]);
  expect((await fleets.read("busy")).store).toEqual(store("new"));
  const refusing = fleets.changeSettings("busy", () => {
    throw new Error("no room");
  });
  await expect(refusing).rejects.toThrow("no room");
  expect((await fleets.read("busy")).store).toEqual(store("new"));
});

test("a key that replaces the operator's does so once a version names it, whenever the process was killed", async () => {
  const fleets = createFleetStore(home);
  const [old, next] = [makeOperatorKey(), makeOperatorKey()];
  const acme = { ...(await fleetCalled("rotated")), operatorKey: old };
  await fleets.create(acme);
  await fleets.setOperatorKey("rotated", old, next);
  expect(await fleets.read("rotated")).toMatchObject({ operatorKey: old, nextKey: next });
  const operators = [operatorOf(createPrivateKey(next), "anna")];
  const signing = { operators, replaced: key };
  const documents = signNext(acme.kept, createPrivateKey(next), fleetList(), signing);
  const { view } = await accepted(acme.kept.documents, documents);
  await fleets.publish("rotated", { documents, view, revoked: [] });
  expect(await fleets.read("rotated")).toMatchObject({ operatorKey: next, nextKey: undefined });
  await fleets.setOperatorKey("rotated", next, null);
  expect(await fleets.read("rotated")).toMatchObject({ operatorKey: next, ca });
  expect((await stat(join(home, "fleets/rotated/operator.json"))).mode & 0o777).toBe(0o600);
});

test("a file with an encrypted key has a version that earlier programs refuse", async () => {
  const fleets = createFleetStore(home);
  await fleets.create(await fleetCalled("guarded"));
  const path = join(home, "fleets/guarded/operator.json");
  const version = async () => JSON.parse(await readFile(path, "utf8")).version;
  expect(await version()).toBe(1);
  const encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
  await fleets.setOperatorKey("guarded", encrypted, null);
  expect(await version()).toBe(2);
  expect(await fleets.read("guarded")).toMatchObject({ operatorKey: encrypted });
  await fleets.setOperatorKey("guarded", "key", encrypted);
  expect(await version()).toBe(2);
});

test("the key of a future operator is made once, and readable by its owner only", async () => {
  const fleets = createFleetStore(home);
  const made = await Promise.all([fleets.futureKey("later"), fleets.futureKey("later")]);
  expect(made[0]).toBe(made[1]);
  expect(await fleets.list()).not.toContain("later");
  const { stdout } = await promisify(execFile)("find", [join(home, "operators"), "-perm", "/077"]);
  expect(stdout).toBe("");
  await fleets.forgetFutureKey("later");
  expect(await fleets.futureKey("later")).not.toBe(made[0]);
});

test("of two that publish the same version, the second is told, and the first one's list stays", async () => {
  const store = createFleetStore(home);
  const two = await fleetCalled("two");
  await store.create(two);
  const { kept } = two;
  const versions = await Promise.all([keptAfter(kept), keptAfter(kept)]);
  await store.publish("two", versions[0] as KeptFleet);
  expect(await failureOf(store.publish("two", versions[1] as KeptFleet))).toMatchObject({
    code: "FLEET_CONFLICT",
  });
  expect((await store.read("two")).kept).toEqual(versions[0]);
  expect(await readdir(join(home, "fleets/two/lists"))).toEqual(["000000001.json", "000000002.json"]);
});

test("the last 20 versions are kept; who has an older one is told, although that file is gone", async () => {
  const store = createFleetStore(home);
  const long = await fleetCalled("long");
  await store.create(long);
  let { kept } = long;
  for (let version = 2; version <= 25; version++) {
    kept = await keptAfter(kept);
    await store.publish("long", kept);
  }
  const names = await readdir(join(home, "fleets/long/lists"));
  expect([names.length, names[0], names.at(-1)]).toEqual([20, "000000006.json", "000000025.json"]);
  expect((await store.read("long")).kept).toEqual(kept);
  expect(await failureOf(store.publish("long", await keptAfter(long.kept)))).toMatchObject({
    code: "FLEET_CONFLICT",
  });
  expect(await readdir(join(home, "fleets/long/lists"))).toEqual(names);
});

test("a name is taken once, and a damaged fleet is an error", async () => {
  const store = createFleetStore(home);
  const once = await fleetCalled("once");
  await store.create(once);
  expect(await failureOf(store.create(once))).toMatchObject({ code: "FLEET_EXISTS" });
  expect((await readdir(join(home, "fleets"))).filter((name) => name.startsWith("."))).toEqual([]);
  await writeFile(join(home, "fleets/once/operator.json"), "{");
  expect(await failureOf(store.read("once"))).toMatchObject({ code: "FLEET_BROKEN" });
  await mkdir(join(home, "fleets/empty/lists"), { recursive: true });
  await writeFile(
    join(home, "fleets/empty/operator.json"),
    JSON.stringify({ version: 1, operatorKey: "key", ca }),
  );
  expect(await failureOf(store.read("empty"))).toMatchObject({ code: "FLEET_BROKEN" });
});

test("an empty folder, which a killed init left, does not take the name", async () => {
  const store = createFleetStore(home);
  const killed = await fleetCalled("killed");
  await mkdir(join(home, "fleets/killed"), { recursive: true });
  await store.create(killed);
  expect(await store.read("killed")).toEqual(killed);
});

test("no FIFO in place of a file holds a command up, and a missing file is an error", async () => {
  const store = createFleetStore(home);
  await store.create(await fleetCalled("pipe"));
  const [operator, list] = ["operator.json", "lists/000000001.json"].map((name) =>
    join(home, "fleets/pipe", name),
  );
  for (const [file, code] of [
    [list, "FILE_FAILED"],
    [operator, "FILE_FAILED"],
  ] as const) {
    await rm(`${file}`);
    execFileSync("mkfifo", [`${file}`]);
    expect(await failureOf(store.read("pipe"))).toMatchObject({ code });
  }
  await rm(`${operator}`);
  expect(await failureOf(store.read("pipe"))).toMatchObject({ code: "FLEET_BROKEN" });
});
