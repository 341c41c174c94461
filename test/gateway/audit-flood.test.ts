/** Whoever is refused, however often: what was permitted stays in the log, and how much was refused is known. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { AuditEvent } from "../../src/audit/index.ts";
import { call } from "./support/call.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
afterEach(() => stage.end());

/** Small files, so that a flood of a second is what one of months is to a real log. */
const SMALL = { rotateBytes: 30_000, keep: 2, syncMs: 20 };
const LONG = "x".repeat(60_000);

/** As if there were no rate of refusals: it has tests of its own. */
const AT_ANY_RATE = { refusedConnectionsPerMinute: 100_000, refusedRequestsPerMinute: 100_000 };

/** A gateway through which an admin has started a container. */
async function afterAnAction(): Promise<void> {
  stage = await Stage.make({ audit: SMALL, limits: AT_ANY_RATE });
  stage.docker.answerAll(answer(204, ""));
  const client = await stage.connect();
  client.send(ask("/containers/precious/start", "POST"));
  await client.sees("204");
  await stage.record(({ event, target }) => event === "end" && target.includes("precious"));
}

/** Nothing of the action was pushed out, and verify says that nothing of it is gone. */
async function expectActionKept(): Promise<void> {
  const records = await stage.records();
  const kept = records.filter(({ target }) => target.includes("precious")).map(({ event }) => event);
  expect(kept).toEqual(["start", "end"]);
  const { value } = await call(await stage.connect(), "GET", "audit/verify");
  expect(value).toMatchObject({ ok: true, problems: [] });
  expect(value["parts"]).toContainEqual(expect.objectContaining({ part: "actions", rotated: 0 }));
}

function logBytes(): number {
  const folder = join(stage.folder, "audit");
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** How many refusals the records tell of, by themselves and by counts. */
function told(records: readonly AuditEvent[], who: (event: AuditEvent) => boolean): number {
  const refused = records.filter((event) => event.decision !== "allow" && who(event));
  return refused.reduce((sum, { count }) => sum + (count ?? 1), 0);
}

/** All records, those of the counts too: the gateway writes them when it ends. */
async function recordsAtTheEnd(): Promise<AuditEvent[]> {
  await stage.gateway.stop();
  const records = await stage.records();
  stage.running = null;
  return records;
}

test("a viewer that sends forbidden requests with targets of 60 kB", async () => {
  await afterAnAction();
  const vera = await stage.connect("vera");
  for (let count = 0; count < 300; count++) {
    vera.send(ask(`/containers/${LONG}/stop`, "POST"));
    await vera.sees(/403[\s\S]*\n$/);
  }
  await expectActionKept();
  expect(logBytes()).toBeLessThan(40_000);
  const records = await recordsAtTheEnd();
  expect(told(records, ({ client }) => client === "vera")).toBe(300);
  const first = records.find(({ client, event }) => client === "vera" && event === "request");
  expect(first?.target).toHaveLength(256);
  expect(first?.cut).toMatchObject({ target: { bytes: 60_000 + "/containers//stop".length } });
});

test("a revoked client", async () => {
  await afterAnAction();
  await stage.change("vera", { state: "revoked" });
  for (let count = 0; count < 60; count++) {
    const vera = (await stage.connect("vera")).polite();
    vera.send(ask(`/${LONG}`));
    expect(await vera.rest()).toContain("revoked");
  }
  await expectActionKept();
  expect(logBytes()).toBeLessThan(40_000);
  expect(told(await recordsAtTheEnd(), ({ rule }) => rule === "revoked-client")).toBe(60);
});

test("strangers are counted by address", async () => {
  await afterAnAction();
  for (let count = 0; count < 50; count++)
    await (await stage.connectWith({ localAddress: `127.1.0.${1 + (count % 2)}` })).over;
  await expectActionKept();
  const records = await recordsAtTheEnd();
  for (const address of ["127.1.0.1", "127.1.0.2"]) {
    const isFrom = (event: AuditEvent) => `${event.address}:`.startsWith(`${address}:`);
    expect(told(records, isFrom)).toBe(25);
    expect(records).toContainEqual(expect.objectContaining({ event: "refusals", address, count: 15 }));
  }
});

test("a viewer that sends permitted reads with long filters all the time", async () => {
  await afterAnAction();
  const vera = await stage.connect("vera");
  const filters = encodeURIComponent(JSON.stringify({ label: [LONG] }));
  const target = `/containers/json?filters=${filters}`;
  for (let count = 0; count < 100; count++) {
    vera.send(ask(target));
    await vera.sees("204");
  }
  await stage.record(({ client, request }) => client === "vera" && request === 100);
  await expectActionKept();
  // two files of reads, and what filled them
  await expect.poll(logBytes).toBeLessThan(100_000);
  const { value } = await call(await stage.connect(), "GET", "audit/verify");
  expect(value).toMatchObject({ ok: true, complete: false });
});
