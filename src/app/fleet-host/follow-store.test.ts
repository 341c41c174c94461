/** The fleet process: what it hands to the gateway, and what its receipts say, whatever the store sends. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { accepted, fleetList, makeOperator, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import { TetherdockError } from "../../base/index.ts";
import {
  type FleetDocuments,
  forHosts,
  formatPublication,
  type HandOver,
  type HostReceipt,
  type HostStore,
  verifyDocuments,
} from "../../fleet/index.ts";
import { FollowStore } from "./follow-store.ts";

const key = makeOperator();
const first = await accepted(null, signNext(null, key, fleetList()));
const second = await accepted(first.documents, signNext(first, key, fleetList()));
const third = await accepted(second.documents, signNext(second, key, fleetList()));
const foreign = signNext(null, makeOperator(), fleetList());

const SIGNATURE = `${"A".repeat(86)}==`;

/** A gateway that verifies for itself, and a store that publishes what a test says. */
function stage(texts: readonly string[], held: FleetDocuments | null = first.documents) {
  const stop = new AbortController();
  const gateway = {
    ...{ held, offers: [] as FleetDocuments[], refused: null as string | null, isGone: false },
    noReceipt: [] as (string | null)[],
  };
  const receipts: HostReceipt[] = [];
  const told: string[] = [];
  let failing = 0;
  const versionOf = async () => {
    const kept = gateway.held && (await verifyDocuments(gateway.held, gateway.held));
    return kept && "view" in kept ? kept.view.version : 0;
  };
  const handOver = async ({ documents, noReceipt }: HandOver) => {
    if (noReceipt !== (gateway.noReceipt.at(-1) ?? null)) gateway.noReceipt.push(noReceipt);
    if (gateway.isGone) throw new TetherdockError("FLEET_LINK_FAILED", "the gateway is gone");
    const said = { list: null, refused: null, closed: 0, open: 0, tookMs: 0, at: 9, signature: SIGNATURE };
    const answer = { documents: gateway.held, ...said };
    if (documents === null) return { ...answer, inForce: await versionOf() };
    gateway.offers.push(documents);
    if (gateway.refused === null) gateway.held = documents;
    const { refused } = gateway;
    return {
      ...answer,
      documents: null,
      refused,
      closed: refused === null ? 2 : 0,
      inForce: await versionOf(),
    };
  };
  const store: HostStore = {
    async *publications(signal) {
      yield* texts;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
    async acknowledge(receipt) {
      if (failing-- > 0) throw new Error("status 405");
      receipts.push(receipt);
    },
    close: async () => {},
  };
  const pauses: number[] = [];
  const pause = async (ms: number, signal: AbortSignal) => {
    pauses.push(ms);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      setImmediate(resolve);
    });
  };
  const ports = {
    store,
    handOver,
    pause,
    random: () => 0.5,
    log: (line: string) => told.push(line),
  };
  const running = new FollowStore(ports, "web", () => ({ is: "connected" })).run(stop.signal);
  running.catch(() => {});
  return {
    ...{ gateway, receipts, told, running },
    pauses,
    fail: (times: number) => {
      failing = times;
    },
    async until(what: () => boolean) {
      await expect.poll(what).toBe(true);
      stop.abort();
      await running;
    },
  };
}

test("the gateway learns at once that the store is lost, if there is a gateway", async () => {
  const states: unknown[] = [];
  let isGone = false;
  const handOver = async ({ store }: HandOver): Promise<never> => {
    if (!isGone) states.push(store);
    throw new TetherdockError("FLEET_LINK_FAILED", "the gateway is gone");
  };
  const store = { publications: async function* () {}, acknowledge: async () => {}, close: async () => {} };
  const ports = { store, handOver, pause: async () => {}, random: () => 0.5, log: () => {} };
  const lost = { is: "lost", since: 1, why: "timeout" } as const;
  const follow = new FollowStore(ports, "web", () => lost);
  await follow.tellState();
  isGone = true;
  await follow.tellState();
  expect(states).toEqual([lost]);
});

const lastOf = (receipts: readonly HostReceipt[]) => receipts.at(-1);

test("a newer list is handed over, and the receipt says what the gateway closed", async () => {
  const { gateway, receipts, until, told } = stage([formatPublication(second.documents)]);
  await until(() => receipts.length > 0);
  expect(gateway.offers).toEqual([forHosts(second.documents)]);
  expect(receipts[0]).toMatchObject({ host: "web", seen: 2, inForce: 2, refused: null, closed: 2, at: 9 });
  expect(receipts[0]).toMatchObject({ rejected: null, signature: SIGNATURE });
  expect(told).toContain("version 2 is in force; closed 2 connections");
});

test.each([
  ["garbage", "\u0000\u001b[2J", "not JSON"],
  ["an old list", formatPublication(first.documents), "version 1 is less than"],
  ["another operator's list", formatPublication(foreign), "signed by 0/1 keys"],
  [
    "a mix of two versions",
    formatPublication({ ...second.documents, timestamp: third.documents.timestamp }),
    "Expected",
  ],
])("%s is not handed over, and the receipt says why", async (_what, text, why) => {
  const { gateway, receipts, until } = stage([text], second.documents);
  await until(() => receipts.length > 0);
  expect(gateway.offers).toEqual([]);
  expect(lastOf(receipts)).toMatchObject({
    inForce: 2,
    rejected: expect.stringContaining(why),
    refused: null,
  });
});

test("a host that is in no fleet does not join one by the store", async () => {
  const { gateway, receipts, until } = stage([formatPublication(first.documents)], null);
  await until(() => receipts.length > 0);
  expect(gateway.offers).toEqual([]);
  expect(lastOf(receipts)).toMatchObject({ seen: 0, inForce: 0, rejected: "this host is in no fleet" });
});

test("what the gateway refuses is offered again, until it takes it", async () => {
  const { gateway, receipts, until } = stage([formatPublication(second.documents)]);
  gateway.refused = "the list revokes the last active admin";
  await expect.poll(() => lastOf(receipts)?.refused).toBe("the list revokes the last active admin");
  gateway.refused = null;
  await until(() => lastOf(receipts)?.refused === null);
  expect(lastOf(receipts)).toMatchObject({ seen: 2, inForce: 2 });
});

test("what it goes on refusing is offered less and less often, down to twice a minute", async () => {
  const { gateway, pauses, until } = stage([formatPublication(second.documents)]);
  gateway.refused = "the list revokes the last active admin";
  await until(() => pauses.length > 8);
  const firstOf = pauses.indexOf(5_000);
  expect(pauses.slice(firstOf, firstOf + 6)).toEqual([5_000, 10_000, 20_000, 30_000, 30_000, 30_000]);
});

test("a store that takes no receipts holds no list up, and gets the newest receipt later", async () => {
  const texts = [formatPublication(second.documents), formatPublication(third.documents)];
  const { gateway, receipts, until, fail } = stage(texts);
  fail(5);
  await until(() => receipts.length > 0);
  expect(gateway.offers).toHaveLength(2);
  expect(receipts[0]).toMatchObject({ inForce: 3 });
});

test("the gateway and the journal are told that the store takes no receipts, and that it takes them again", async () => {
  const { gateway, until, fail, told } = stage([formatPublication(second.documents)]);
  fail(3);
  await until(() => gateway.noReceipt.length === 2);
  expect(gateway.noReceipt).toEqual(["status 405", null]);
  expect(told.filter((line) => /receipt/.test(line))).toEqual([
    'no receipt: "status 405"',
    "the store takes the receipts",
  ]);
});

test("what an admin brings past the store is in the next receipt", async () => {
  const { gateway, receipts, until } = stage([formatPublication(second.documents)]);
  await expect.poll(() => lastOf(receipts)?.inForce).toBe(2);
  gateway.held = third.documents;
  await until(() => lastOf(receipts)?.inForce === 3);
  expect(lastOf(receipts)?.rejected).toMatch(/version 2 is less than/);
});

test("without its gateway the process ends, to be started with what the gateway says then", async () => {
  const { gateway, running } = stage([]);
  gateway.isGone = true;
  expect(await failureOf(running)).toMatchObject({ code: "FLEET_LINK_FAILED" });
});
