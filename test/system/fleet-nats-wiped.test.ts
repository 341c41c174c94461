/** NATS servers that lose their data or get an old copy of it: credentials that were ended stay ended. */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  formatNatsSettings,
  inboxOf,
  keySubject,
  type NatsSettings,
  type OperatorStore,
  readNatsSettings,
  type StoreAddress,
} from "../../src/fleet/index.ts";
import { requireTaken } from "../../src/system/fleet-store/nats/account.ts";
import { connectTo } from "../../src/system/fleet-store/nats/connect.ts";
import { openNatsOperatorStore } from "../../src/system/fleet-store/nats/operator-store.ts";
import {
  hostCredentials,
  hostsToken,
  makeNatsSettings,
  operatorCredentials,
} from "../../src/system/fleet-store/nats/trust.ts";
import type { NatsServer, NatsServers } from "../support/fleet/nats-servers.ts";
import { startNatsStore } from "../support/fleet/nats-store.ts";

const FLEET = "acme";
const settings: NatsSettings = makeNatsSettings();
let servers: NatsServers;
let address: StoreAddress;
let version = 0;

beforeAll(async () => {
  ({ servers, address } = await startNatsStore(FLEET, settings));
}, 60_000);
afterAll(() => servers?.[Symbol.asyncDispose]());

/** What one operator's machine keeps in its file; each command opens the store anew. */
class Machine {
  text = formatNatsSettings(settings);

  async run<T>(work: (store: OperatorStore) => Promise<T>): Promise<T> {
    const keep = async (change: (text: string) => string) => {
      this.text = change(this.text);
    };
    const store = openNatsOperatorStore({ address, settings: this.text }, FLEET, keep);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  /** As each command that changes the list does. */
  push(hosts: readonly string[], isShared = false): Promise<number> {
    return this.run(async (store) => {
      version += 1;
      await store.publish(`list ${version}`, version);
      return store.endAgain(hosts, isShared);
    });
  }

  admit = (host: string): Promise<string> => this.run(async (store) => (await store.admit(host)) ?? "");
  expel = (host: string) => this.run((store) => store.expel(host));
}

const connects = (credentials: string): Promise<boolean> =>
  connectTo(address, { credentials: Buffer.from(credentials), inbox: inboxOf(FLEET, "x") }).then(
    async (connection) => {
      await connection.close();
      return true;
    },
    () => false,
  );

test("an operator whose credentials the servers do not know is told that there may be another store", async () => {
  const store = openNatsOperatorStore({ address, settings: formatNatsSettings(makeNatsSettings()) }, FLEET);
  await expect(store.published()).rejects.toMatchObject({
    code: "FLEET_STORE_FAILED",
    hints: [expect.stringContaining("fleet open FILE"), expect.stringContaining("nats-server.conf")],
  });
  await store.close();
});

const only = (): NatsServer => servers.all[0] ?? expect.fail("there is no server");

/** Machines of another test are unknown to it. */
beforeEach(() => wipe());

async function wipe(): Promise<void> {
  await only().wipe();
  await only().start();
}

test("servers that were wiped end again what was ended, and leave and join still end the credentials from before", async () => {
  const anna = new Machine();
  await anna.push(["gone", "stolen", "other"]);
  const [gone, stolen, other] = [
    await anna.admit("gone"),
    await anna.admit("stolen"),
    await anna.admit("other"),
  ];
  expect(await anna.expel("gone")).toBe("ended");
  expect(await Promise.all([gone, stolen, other].map(connects))).toEqual([false, true, true]);
  await wipe();
  expect(await connects(gone)).toBe(true);
  expect(await anna.push(["stolen", "other"])).toBe(1);
  expect(await connects(gone)).toBe(false);
  expect(await anna.push(["stolen", "other"])).toBe(0);
  await wipe();
  const renewed = await anna.admit("stolen");
  expect(await Promise.all([gone, stolen, renewed, other].map(connects))).toEqual([false, false, true, true]);
  await wipe();
  expect(await anna.expel("other")).toBe("ended");
  expect(await Promise.all([gone, stolen, renewed, other].map(connects))).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

test("so do servers that were restored from a backup", async () => {
  const anna = new Machine();
  await anna.push(["one"]);
  const before = await anna.admit("one");
  await only().kill();
  const [data, copy] = ["data", "copy"].map((name) => join(only().folder, name)) as [string, string];
  await cp(data, copy, { recursive: true });
  await only().start();
  const after = await anna.admit("one");
  expect(await Promise.all([before, after].map(connects))).toEqual([false, true]);
  await only().kill();
  await rm(data, { recursive: true });
  await cp(copy, data, { recursive: true });
  await only().start();
  expect(await Promise.all([before, after].map(connects))).toEqual([true, true]);
  expect(await anna.push(["one"])).toBe(1);
  expect(await Promise.all([before, after].map(connects))).toEqual([false, true]);
});

test("a host that has left the list loses its credentials with the next list, if the store was away when it left", async () => {
  const anna = new Machine();
  await anna.push(["away"]);
  const credentials = await anna.admit("away");
  await anna.push([]);
  expect(await connects(credentials)).toBe(false);
});

test("operators end each other's hosts' credentials, also after a wipe", async () => {
  const [anna, ben] = [new Machine(), new Machine()];
  await anna.push(["one", "two", "three"], true);
  const [one, two] = [await anna.admit("one"), await anna.admit("two")];
  expect(await ben.expel("one")).toBe("ended");
  // Ben's machine learns of the others when it publishes, and Anna's of what Ben has ended.
  await ben.push(["two", "three"], true);
  const three = await anna.admit("three");
  await wipe();
  expect(await ben.push(["two", "three"], true)).toBe(1);
  expect(await Promise.all([one, two, three].map(connects))).toEqual([false, true, true]);
  expect(await ben.expel("two")).toBe("ended");
  // Ben's machine has not seen this one.
  expect(await ben.expel("three")).toBe("none");
  expect(await Promise.all([two, three].map(connects))).toEqual([false, true]);
  await anna.push([], true);
  expect(await Promise.all([one, two, three].map(connects))).toEqual([false, false, false]);
});

test("what a machine does not know is ended as soon as the one that knows it pushes: a host that joined again", async () => {
  const [anna, ben] = [new Machine(), new Machine()];
  await anna.push(["one"], true);
  const old = await anna.admit("one");
  await wipe();
  const renewed = await ben.admit("one");
  expect(await Promise.all([old, renewed].map(connects))).toEqual([true, true]);
  // In one second, the keys decide which of two is the later one.
  const later = readNatsSettings({ settings: ben.text }).users.current[0]?.issued ?? 0;
  expect(later).toBeGreaterThanOrEqual(
    readNatsSettings({ settings: anna.text }).users.current[0]?.issued ?? 0,
  );
  await anna.push(["one"], true);
  const left = await Promise.all([old, renewed].map(connects));
  expect(left.filter((one) => one)).toHaveLength(1);
  await anna.expel("one");
  expect(await Promise.all([old, renewed].map(connects))).toEqual([false, false]);
});

test("keys in the stream that no operator has signed end no other host's credentials", async () => {
  const [anna, ben] = [new Machine(), new Machine()];
  await anna.push(["one", "two"], true);
  const [one, two] = [await anna.admit("one"), await anna.admit("two")];
  await ben.push(["one", "two"], true);
  const key = (host: string) =>
    readNatsSettings({ settings: ben.text }).users.current.find((user) => user.host === host)?.key ?? "";
  const admin = await connectTo(address, {
    credentials: await operatorCredentials(settings.account),
    inbox: "_INBOX.operator",
  });
  for (const forged of [key("one"), `${key("one")} 9999999999 ${"A".repeat(86)}==`]) {
    admin.publish(keySubject(FLEET, "two"), forged);
    await admin.flush();
    expect(await ben.push(["one", "two"], true)).toBe(0);
    expect(await Promise.all([one, two].map(connects))).toEqual([true, true]);
  }
  admin.publish(keySubject(FLEET, "two"), key("one"));
  await admin.flush();
  await ben.expel("two");
  expect(await Promise.all([one, two].map(connects))).toEqual([true, false]);
  await admin.close();
});

test("a server's answer that refuses the account's token is told from one that takes it", async () => {
  const system = await connectTo(address, {
    credentials: await operatorCredentials(settings.system),
    inbox: "_INBOX.operator",
  });
  const update = async (token: string) => (await system.request("$SYS.REQ.CLAIMS.UPDATE", token)).string();
  requireTaken(await update(await hostsToken(settings, FLEET, {})));
  const refused = await update("no token");
  expect(() => requireTaken(refused)).toThrow(
    "it refuses the account of the fleet's hosts: jwt update resulted in error",
  );
  await system.close();
});

test("ten thousand ended credentials fit into the account's token, and one more is refused", async () => {
  const anna = new Machine();
  const last = await anna.admit("last");
  const { users, ...seeds } = readNatsSettings({ settings: anna.text });
  const { user } = await hostCredentials(settings, FLEET, "any");
  const keyOf = (at: number) =>
    `${user.key.slice(0, 40)}${at
      .toString()
      .replaceAll(/\d/g, (digit) => "ABCDEFGHIJ"[Number(digit)] ?? "")
      .padStart(16, "A")}`;
  const ended = Array.from({ length: 9_999 }, (_, at) => ({ key: keyOf(at), at: 1 }));
  anna.text = formatNatsSettings({ ...seeds, users: { ...users, ended } });
  expect(await anna.push(["last"])).toBe(9_999);
  expect(await anna.expel("last")).toBe("ended");
  expect(await connects(last)).toBe(false);
  await anna.admit("again");
  await expect(anna.expel("again")).rejects.toMatchObject({
    code: "FLEET_STORE_FAILED",
    why: [expect.stringContaining("10000 credentials of hosts were ended")],
  });
});
