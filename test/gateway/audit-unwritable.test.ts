import { afterEach, expect, test } from "vitest";
import { mustRun } from "../support/run.ts";
import { call } from "./support/call.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { type RunningProcess, runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
afterEach(() => stage.end());

async function made(whenUnwritable: string): Promise<void> {
  stage = await Stage.make({ audit: { whenUnwritable }, run: (file) => runProcess(file) });
  stage.docker.answerAll(answer(200, "OK"));
}

/** No file of the gateway's may grow beyond this: what a full disk is to it. */
async function limitFiles(size: string): Promise<void> {
  const { child } = stage.gateway as RunningProcess;
  await mustRun(["prlimit", "--pid", `${child.pid}`, `--fsize=${size}:`]);
}

async function asked(): Promise<string> {
  const client = (await stage.connect()).polite();
  client.send(ask("/_ping", "GET", "Connection: close\r\n"));
  return client.rest();
}

test("requests are refused while nothing can be recorded; afterwards they work, and the chain is intact", async () => {
  await made("refuse");
  expect(await asked()).toMatch(/OK$/);
  await limitFiles("1");
  await expect.poll(asked).toMatch(/^HTTP\/1.1 503 .*audit log on the host cannot be written/s);
  await expect.poll(() => stage.gateway.lines.join()).toMatch(/the audit log cannot be written/);
  await limitFiles("unlimited");
  await expect.poll(asked, { timeout: 10_000 }).toMatch(/OK$/);
  await expect.poll(() => stage.gateway.lines.join()).toMatch(/can be written again/);
  const { value } = await call(await stage.connect(), "GET", "audit/verify");
  expect(value).toMatchObject({ problems: [] });
  const refused = (await stage.records()).filter(({ rule }) => rule === "audit-unwritable");
  expect(refused.length).toBeGreaterThan(0);
});

test("with whenUnwritable go-on, requests continue", async () => {
  await made("go-on");
  await limitFiles("1");
  for (let count = 0; count < 3; count++) expect(await asked()).toMatch(/OK$/);
  await expect.poll(() => stage.gateway.lines.join()).toMatch(/the audit log cannot be written/);
  const { value } = await call(await stage.connect(), "GET", "status");
  expect(value["audit"]).toMatch(/EFBIG|too large/i);
});
