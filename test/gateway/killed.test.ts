import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEvent } from "../../src/audit/index.ts";
import { call } from "./support/call.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { type RunningProcess, runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make({ run: (file) => runProcess(file) });
});
afterAll(() => stage.end());

test("killed during an upload: no side takes it for complete, and the next run continues the log", async () => {
  const client = await stage.connect();
  client.send("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n");
  const docker = await stage.docker.next();
  await docker.sees("12345\r\n");
  const { client: events, docker: second } = await stage.asked(ask("/events"));
  second.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
  await events.sees("x\r\n");
  const isTheStart = ({ event, target }: AuditEvent) => event === "start" && target === "/events";
  await stage.record(isTheStart);
  const killed = stage.gateway as RunningProcess;
  killed.child.kill("SIGKILL");
  await Promise.all([killed.over, client.over, events.over]);
  expect(await docker.rest()).toBe("");
  expect(await events.rest()).toBe("");
  await stage.start();
  const { client: again, docker: third } = await stage.asked(ask("/_ping"));
  third.send(answer(200, "OK"));
  await again.sees("OK");
  const { value } = await call(again, "GET", "audit/verify");
  expect(value).toMatchObject({ problems: [] });
  expect((await stage.records()).filter(isTheStart)).toHaveLength(1);
});
