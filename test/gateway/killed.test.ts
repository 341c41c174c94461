import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./support/call.ts";
import { type RunningProcess, runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";
import { answer, ask } from "./support/stand-in.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make({ run: (file) => runProcess(file) });
});
afterAll(() => stage.end());

test("killed in the midst of an upload: nobody takes it for whole, and the next run finds its log", async () => {
  const client = await stage.connect();
  client.send("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n");
  const docker = await stage.docker.next();
  await docker.sees("12345\r\n");
  const events = await stage.connect();
  events.send(ask("/events"));
  const second = await stage.docker.next();
  await second.sees("\r\n\r\n");
  second.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
  await events.sees("x\r\n");
  const killed = stage.gateway as RunningProcess;
  killed.child.kill("SIGKILL");
  await Promise.all([killed.over, client.over, events.over]);
  expect(await docker.rest()).toBe("");
  expect(await events.rest()).toBe("");
  await stage.start();
  const again = await stage.connect();
  again.send(ask("/_ping"));
  const third = await stage.docker.next();
  await third.sees("\r\n\r\n");
  third.send(answer(200, "OK"));
  await again.sees("OK");
  const { value } = await call(again, "GET", "audit/verify");
  expect(value).toMatchObject({ problems: [] });
  const started = (await stage.records()).find(
    ({ event, target }) => event === "start" && target === "/events",
  );
  expect(started).toBeDefined();
});
