/** A fleet with a store: what counts when a line and the store say different things, and who is named. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { sampleReceipt } from "../../../test/support/fleet/sample-fleet.ts";
import { at, storeStage as stage } from "../../../test/support/fleet/store-stage.ts";
import { TetherdockError } from "../../base/index.ts";
import type { Ended } from "../../fleet/index.ts";
import { makeKeyPair } from "../../pki/index.ts";
import { joinHosts, leaveFleet, pushFleet } from "./fleet.ts";
import { addFleetClient } from "./fleet-clients.ts";
import { fleetStatus } from "./fleet-status.ts";
import { missing, stillOpen } from "./results.ts";
import { setStore } from "./set-store.ts";

test("a fleet gets a store: it is published there, and hosts that a line reaches learn of it", async () => {
  const { ports, versionIn, host, state } = await stage("one", "two");
  await joinHosts(ports, undefined, ["one", "two"]);
  const set = await setStore(ports, undefined, at("web"));
  expect(set.fleet).toMatchObject({
    store: at("web"),
    kept: { view: { version: 3, list: { store: at("web").address } } },
  });
  expect(await versionIn("web")).toBe(3);
  expect(host("two").link).toEqual({ host: "two", credentials: "web two" });
  expect(missing(set.fleet, set.hosts)).toBeNull();
  expect(state.opened).toBe(0);
});

test("the old store gets the list that names the new one; without a store nothing is published", async () => {
  const { ports, versionIn, texts } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await setStore(ports, undefined, at("web"));
  await setStore(ports, undefined, at("other"));
  expect([await versionIn("web"), await versionIn("other")]).toEqual([4, 4]);
  const none = await setStore(ports, undefined, null);
  expect([await versionIn("other"), none.fleet.store, none.fleet.kept.view.list.store]).toEqual([
    5,
    null,
    null,
  ]);
  texts.clear();
  await pushFleet(ports, undefined);
  expect(texts.size).toBe(0);
});

test("a host that no line reaches counts by its receipt; one without any is named", async () => {
  const { ports, host, state, tooLate } = await stage("one", "two");
  await joinHosts(ports, undefined, ["one", "two"]);
  await setStore(ports, undefined, at("web"));
  for (const name of ["one", "two"]) host(name).isAway = true;
  state.receipts = (published) => [
    host("one").sign(sampleReceipt("one", 4, { closed: 2 }), published),
    host("two").sign(sampleReceipt("two", 3, { refused: "no room" })),
  ];
  const told: string[] = [];
  const pushing = pushFleet({ ...ports, tell: (text) => told.push(text) }, undefined);
  tooLate();
  const { fleet, hosts } = await pushing;
  expect(told).toEqual([
    "cannot reach two; waiting up to 45 s for receipts; the change is signed, and Ctrl-C does not take it back: tetherdock fleet status --fleet acme says which hosts have it",
  ]);
  expect(hosts).toMatchObject([{ stored: { closed: 2 } }, { stored: { inForce: 3 } }]);
  expect(missing(fleet, hosts)).toMatchObject({
    code: "FLEET_INCOMPLETE",
    why: ['two: has version 3, and refuses the list: "no room"'],
  });
});

test("a host that refuses the list is not waited for, once its receipt says so; of one that was reached it is said", async () => {
  const { ports, host, state, tooLate } = await stage("one", "two");
  await joinHosts(ports, undefined, ["one", "two"]);
  await setStore(ports, undefined, at("web"));
  host("one").isAway = true;
  const noRoom = async () =>
    Promise.reject(new TetherdockError("GATEWAY_REFUSED", "no space left on device"));
  host("two").answer = noRoom;
  state.later = ["one", "two"].map((name) =>
    host(name).sign(sampleReceipt(name, 3, { seen: 4, refused: "no space left on device" })),
  );
  const full = await pushFleet(ports, undefined);
  expect(missing(full.fleet, full.hosts)?.why).toEqual([
    'one: has version 3, and refuses the list: "no space left on device"',
    "two: no space left on device",
  ]);
  state.later = [];
  const told: string[] = [];
  const pushing = pushFleet({ ...ports, tell: (text) => told.push(text) }, undefined);
  tooLate();
  await pushing;
  expect(told).toEqual([
    "refused over the line by two; cannot reach one; waiting up to 45 s for receipts; the change is signed, and Ctrl-C does not take it back: tetherdock fleet status --fleet acme says which hosts have it",
  ]);
});

test("receipts of an older tetherdock confirm nothing; nor do those of a host that has joined with one", async () => {
  const { ports, host, state, tooLate } = await stage("old", "upgraded");
  const key = host("upgraded").receiptKey;
  for (const name of ["old", "upgraded"]) host(name).receiptKey = null;
  await joinHosts(ports, undefined, ["old", "upgraded"]);
  await setStore(ports, undefined, at("web"));
  host("upgraded").receiptKey = key;
  for (const name of ["old", "upgraded"]) host(name).isAway = true;
  state.receipts = (published) =>
    ["old", "upgraded"].map((name) => host(name).sign(sampleReceipt(name, 4), published));
  tooLate();
  const { fleet, hosts } = await pushFleet(ports, undefined);
  expect(missing(fleet, hosts)?.why).toEqual([
    "old: its receipt is not signed, and confirms nothing",
    "upgraded: its receipt confirms nothing: its key is not known here",
  ]);
  host("upgraded").isAway = false;
  await joinHosts(ports, undefined, ["upgraded"]);
  host("upgraded").isAway = true;
  expect((await fleetStatus(ports, undefined)).hosts).toMatchObject([{ doubt: "unsigned" }, { doubt: null }]);
});

test("a connection that a host has not closed yet is named", async () => {
  const { ports, host, state } = await stage("one", "two");
  await joinHosts(ports, undefined, ["one", "two"]);
  await setStore(ports, undefined, at("web"));
  for (const name of ["one", "two"]) host(name).isAway = true;
  state.receipts = (published) => [
    host("one").sign(sampleReceipt("one", 4, { open: 2 }), published),
    host("two").sign(sampleReceipt("two", 4, { closed: 1 }), published),
  ];
  const { fleet, hosts } = await pushFleet(ports, undefined);
  expect([missing(fleet, hosts), stillOpen(hosts)]).toMatchObject([
    null,
    { code: "CONNECTIONS_OPEN", why: ["one: 2 still open after two seconds"] },
  ]);
});

test("a store that is away stops no change over the lines, and is told", async () => {
  const { ports, state } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await setStore(ports, undefined, at("web"));
  state.isAway = true;
  const { fleet, hosts, storeError } = await pushFleet(ports, undefined);
  expect([missing(fleet, hosts), storeError?.code]).toEqual([null, "FLEET_STORE_FAILED"]);
});

test("a host that joins while the store is away is to join again: a push gives it no credentials", async () => {
  const { ports, state } = await stage("one");
  await setStore(ports, undefined, at("web"));
  state.isAway = true;
  const { fleet, hosts } = await joinHosts(ports, undefined, ["one"]);
  const { version } = fleet.kept.view;
  expect(hosts).toMatchObject([{ host: "one", version, error: { code: "FLEET_STORE_FAILED" } }]);
  expect(missing(fleet, hosts)).toMatchObject({
    message: `version ${version} of the fleet's list is on all hosts, but 1 of 1 hosts cannot use the store`,
    hints: ["tetherdock fleet join one --fleet acme   # again, once the store is back"],
  });
});

test("status compares what the store has with what was signed", async () => {
  const { ports, texts } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await setStore(ports, undefined, at("web"));
  const old = texts.get("web") ?? "";
  expect(await fleetStatus(ports, undefined)).toMatchObject({ published: 3, storeError: null });
  await pushFleet(ports, undefined);
  texts.set("web", old);
  const { storeError } = await fleetStatus(ports, undefined);
  expect(storeError).toMatchObject({
    code: "FLEET_STORE_FAILED",
    why: [expect.stringMatching(/^https:.*web.*: "it has version 3, not 4"$/)],
  });
  for (const broken of ["", "{}"]) {
    texts.set("web", broken);
    expect((await fleetStatus(ports, undefined)).storeError?.code).toBe("FLEET_STORE_FAILED");
  }
});

test("while a host answers slowly, another command on this machine changes the list: status judges by the new one", async () => {
  const { ports, host } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await setStore(ports, undefined, at("web"));
  const one = host("one");
  const answer = one.answer.bind(one);
  let pushed: Promise<unknown> | null = null;
  one.answer = async (call) => {
    pushed ??= pushFleet(ports, undefined);
    if (call.method === "GET") await pushed;
    return answer(call);
  };
  const { fleet, hosts, published, storeError } = await fleetStatus(ports, undefined);
  expect([fleet.kept.view.version, published, storeError]).toEqual([4, 4, null]);
  expect(missing(fleet, hosts)).toBeNull();
});

test.each([
  [2, { at: 1 }],
  [null, null],
])("a process that starts after %s questions is waited for a moment", async (after, process) => {
  const { ports, host } = await stage("one");
  await setStore(ports, undefined, at("web"));
  host("one").processAfter = after;
  const { hosts } = await joinHosts(ports, undefined, ["one"]);
  expect(hosts).toMatchObject([{ host: "one", fleet: { link: { process } } }]);
});

test.each([
  [2, { at: 1 }],
  [null, null],
])("the same when a fleet gets its first store: after %s questions", async (after, process) => {
  const { ports, host } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  host("one").processAfter = after;
  const { hosts } = await setStore(ports, undefined, at("web"));
  expect(hosts).toMatchObject([{ host: "one", fleet: { link: { process } } }]);
});

test("a host that leaves loses its credentials", async () => {
  const { ports, state } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await setStore(ports, undefined, at("web"));
  await leaveFleet(ports, undefined, "one", { force: false });
  expect(state.expelled).toEqual(["one"]);
});

test("nothing is ended for a name that is no host's", async () => {
  const { ports, state } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await setStore(ports, undefined, at("web"));
  for (const force of [false, true])
    expect((await failureOf(leaveFleet(ports, undefined, "*", { force }))).code).toBe("FLEET_REFUSED");
  expect(state.expelled).toEqual([]);
});

test("a host that leaves and may still have credentials is named", async () => {
  const { ports, state, told } = await stage("one", "two", "three");
  await joinHosts(ports, undefined, ["one", "two", "three"]);
  await setStore(ports, undefined, at("web"));
  const leave = async (host: string, ended: Ended) => {
    state.ended = ended;
    told.splice(0);
    await leaveFleet(ports, undefined, host, { force: false });
    return told;
  };
  expect(await leave("one", "ended")).toEqual([]);
  expect(await leave("two", "none")).toEqual([]);
  expect(await leave("three", "unknown")).toEqual([
    expect.stringContaining(
      "no credentials of three for the store are known here: if it has any, they still work",
    ),
  ]);
});

test("a push tells the store which hosts there are, and says what the store had lost", async () => {
  const { ports, state, told } = await stage("one", "two");
  await joinHosts(ports, undefined, ["one", "two"]);
  await setStore(ports, undefined, at("web"));
  state.lost = 2;
  told.splice(0);
  expect((await pushFleet(ports, undefined)).storeError).toBeNull();
  expect(state.onList).toEqual(["one", "two"]);
  expect(told).toEqual(["the store had forgotten that 2 credentials of hosts were ended; it knows now"]);
});

test("a machine with an older copy of the fleet changes nothing, and is told what differs; push --force takes over", async () => {
  const { ports, host, versionIn } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await setStore(ports, undefined, at("web"));
  const copy = await ports.fleets.read("acme");
  const old = { ...ports, fleets: { ...ports.fleets, read: async () => copy, publish: async () => {} } };
  await joinHosts(ports, undefined, ["one"]);
  const change = { name: "eve", role: "viewer", publicKey: makeKeyPair().publicKey, expiresIn: undefined };
  await addFleetClient(ports, undefined, change, async () => {});
  expect(await versionIn("web")).toBe(5);
  for (const work of [() => joinHosts(old, undefined, ["one"]), () => pushFleet(old, undefined)])
    expect(await failureOf(work())).toMatchObject({
      code: "FLEET_CONFLICT",
      why: ["the store has version 5, and this machine version 3", "clients only there: eve"],
      hints: [
        expect.stringContaining("copy its folder of the fleet here"),
        expect.stringContaining("tetherdock fleet push --force --fleet acme"),
      ],
    });
  const status = await fleetStatus(old, undefined);
  expect(status.storeError?.code).toBe("FLEET_CONFLICT");
  expect(missing(status.fleet, status.hosts)?.hints.join()).not.toContain("push");
  expect(await versionIn("web")).toBe(5);
  const pushed = await pushFleet(old, undefined, { force: true });
  expect(pushed.fleet.kept.view).toMatchObject({ version: 6, list: { clients: [] } });
  expect(missing(pushed.fleet, pushed.hosts)).toBeNull();
  expect(host("one").kept?.timestamp).toBe(pushed.fleet.kept.documents.timestamp);
});

test("a store that is away, or has what nobody has signed, holds no change up", async () => {
  const { ports, state, texts, versionIn } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await setStore(ports, undefined, at("web"));
  texts.set("web", "garbage");
  await pushFleet(ports, undefined);
  expect(await versionIn("web")).toBe(4);
  state.isAway = true;
  expect((await pushFleet(ports, undefined)).hosts).toMatchObject([{ fleet: { version: 5 } }]);
});
