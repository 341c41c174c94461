import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./support/call.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

/** The records of an answer in chunks of one line each. */
const lines = (text: string) => text.split("\r\n").filter((line) => line.startsWith("{"));

async function pinged(who = "anna"): Promise<void> {
  const { client, docker } = await stage.asked(ask("/_ping"), who);
  docker.send(answer(200, "OK"));
  await client.sees("OK");
}

test("the log can be filtered by client and time, and the connection stays open", async () => {
  await pinged("vera");
  const { time } = await stage.record(({ client }) => client === "vera");
  const since = Math.ceil(time) + 1;
  await pinged("vera");
  await pinged("anna");
  const admin = await stage.connect();
  admin.send(ask(`/tetherdock/v1/audit?client=vera&since=${since}`));
  const records = lines(await admin.sees("\r\n0\r\n\r\n")).map((line) => JSON.parse(line));
  expect(records).toMatchObject([{ client: "vera", operation: "SystemPing", status: 200 }]);
  expect(await call(admin, "GET", "audit/verify")).toMatchObject({ status: 200 });
});

test.each(["since=x", "since=-1", "client=vera&more=1", "follow=1&&since=1e3"])(
  "?%s is refused",
  async (query) => {
    const reply = await call(await stage.connect(), "GET", `audit?${query}`);
    expect(reply).toMatchObject({ status: 400 });
  },
);

test("follow=1 sends new records until the client disconnects", async () => {
  const admin = await stage.connect();
  admin.send(ask("/tetherdock/v1/audit?follow=1&client=vera"));
  await admin.sees("\r\n\r\n");
  await pinged("vera");
  await admin.sees('"operation":"SystemPing"');
  admin.end();
  await admin.over;
  const other = await stage.connect();
  await expect
    .poll(async () => (await call(other, "GET", "sessions")).value["sessions"])
    .not.toEqual(
      expect.arrayContaining([expect.objectContaining({ target: expect.stringMatching("follow") })]),
    );
});

test("a log that cannot be read ends the answer and nothing else", async () => {
  const folder = join(stage.folder, "audit");
  await rename(folder, `${folder}.away`);
  const admin = await stage.connect();
  admin.send(ask("/tetherdock/v1/audit"));
  expect(await admin.rest()).not.toContain("\r\n0\r\n");
  await rename(`${folder}.away`, folder);
  await pinged();
});
