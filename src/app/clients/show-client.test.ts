/** Which of a gateway's answers belong to the client that is shown, and how far its records are read. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { type AuditEvent, createRecordFormat } from "../../audit/index.ts";
import { DAY_MS } from "../../base/index.ts";
import type { Client } from "../../identity/index.ts";
import { showClient } from "./show-client.ts";

const BOB: Client = {
  ...{ name: "bob@desk", fingerprint: "b".repeat(64), role: "viewer", state: "active" },
  expires: new Date(NOW - 1).toISOString(),
};
const format = createRecordFormat(2048);
const at = (time: number): string =>
  format({
    ...{ time, event: "request", connection: "a.1", request: 1, client: BOB.name, fingerprint: null },
    ...{ address: "192.0.2.7", operation: "ContainerList", method: "GET", target: "/containers/json" },
    ...{ decision: "allow", rule: "viewer", status: 200, bytesIn: 1, bytesOut: 2, durationMs: 1 },
  } satisfies AuditEvent).trimEnd();
const session = (id: string, client: string | null) => ({
  ...{ id, client, address: "192.0.2.7", since: NOW, requests: 1 },
  ...{ operation: "ContainerLogs", target: "/containers/web/logs?follow=1" },
});

function stage(records: readonly string[] = []) {
  const gateway = new FakeGateway();
  gateway.clients.set(BOB.name, BOB);
  gateway.answers.set("sessions", {
    sessions: [session("1", BOB.name), session("2", "anna"), session("3", null)],
  });
  gateway.records = records;
  const lines = new MemoryLines();
  lines.keep(sampleLine({ name: "web", mode: "gateway" }));
  const ports = { lines, env: {}, gateway, clock: () => NOW };
  const show = (until?: number, name = BOB.name, most?: number) =>
    showClient(ports, { line: undefined, name, since: NOW - DAY_MS, until }, most);
  return { gateway, show };
}

test("its own connections, its state now, and what its role allows", async () => {
  const { show, gateway } = stage([at(NOW - 5), at(NOW + 60_000)]);
  expect(await show()).toMatchObject({
    client: { name: "bob@desk", state: "expired" },
    may: expect.stringContaining("list and inspect"),
    sessions: [{ id: "1", operation: "ContainerLogs" }],
    ...{ since: NOW - DAY_MS, until: NOW, readUntil: null, activity: { reads: 2 } },
  });
  expect(gateway.calls.map(({ path }) => path)).toEqual([
    ...["clients", "sessions", "renewals/bob%40desk", `audit?since=${NOW - DAY_MS}&client=bob%40desk`],
  ]);
});

test("of a client for CI jobs, which jobs get in", async () => {
  const { show, gateway } = stage();
  const jobs = { issuer: "https://ci.example", audience: "a", claims: { sub: "job" }, lifeMs: 600_000 };
  gateway.answers.set("clients", { jobs: [{ name: BOB.name, ...jobs }] });
  expect(await show()).toMatchObject({ client: { name: BOB.name, jobs } });
});

test("records after --until are left out, also where the log's parts are not quite in order", async () => {
  const { show } = stage([at(1), at(101), at(100), at(100 + 5_001), at(99)]);
  const { activity, until } = await show(100);
  expect([activity.reads, until]).toEqual([2, 100]);
});

test("of too many records the first ones are summed up, and the time of the last is told", async () => {
  const { show } = stage([at(5), at(6), at(7), at(8)]);
  const { activity, readUntil } = await show(undefined, BOB.name, 2);
  expect([activity.records, readUntil]).toEqual([2, 7]);
});

test("a mistyped name: the error has the command with the nearest one", async () => {
  expect(await failureOf(stage().show(undefined, "bob@dsk"))).toMatchObject({
    code: "CLIENT_UNKNOWN",
    hints: ["tetherdock client show bob@desk", "tetherdock client ls"],
  });
});

test("a role of one's own has no description here", async () => {
  const { show, gateway } = stage();
  gateway.clients.set(BOB.name, { ...BOB, role: "logs-only" });
  expect((await show()).may).toBeNull();
});

test("somebody who is invited is no client yet, and the error says so", async () => {
  const { show, gateway } = stage();
  const until = new Date(NOW + 1).toISOString();
  gateway.invitations = [
    { name: "eve", role: "viewer", expires: null, until, state: "invited", fingerprint: null },
  ];
  expect(await failureOf(show(undefined, "eve"))).toMatchObject({
    ...{ code: "CLIENT_UNKNOWN", message: "eve is invited and has not joined yet" },
  });
  expect((await show()).client).toMatchObject({ name: BOB.name });
});

test("as many records as are allowed are all read", async () => {
  const { activity, readUntil } = await stage([at(5), at(6)]).show(undefined, BOB.name, 2);
  expect([activity.records, readUntil]).toEqual([2, null]);
});
