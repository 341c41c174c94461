/** kill -9 at each change to a folder while a machine joins a native engine: the same command, typed again, does its work. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeEngine, startFakeEngine } from "./fake-engine.ts";
import { atEach, isFinished, killing, must, ONE_THREAD, PING } from "./killing.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

let stage: LaptopStage;
let engine: FakeEngine;
let token = "";

beforeAll(async () => {
  stage = makeLaptopStage();
  const certificates = makeCertificates(30);
  engine = await startFakeEngine(certificates);
  const address = "127.0.0.1";
  writeSampleLine(stage.home, "web", certificates, { address, addresses: [address], port: engine.port });
  token = must(await stage.run("tetherdock", "client", "invite", "bob@desk"));
});
afterAll(async () => {
  await engine?.close();
  stage?.remove();
});

const on = (home: string, ...args: string[]) =>
  stage.run("env", ONE_THREAD, `TETHERDOCK_HOME=${join(stage.work, home)}`, ...args);
const killed = (at: number) => ["strace", "-o", join(stage.work, "trace"), ...killing(at), "tetherdock"];

async function signed(request: string): Promise<string> {
  const [from, to] = ["request", "certificates"].map((name) => join(stage.work, name)) as [string, string];
  writeFileSync(from, request);
  writeFileSync(
    to,
    must(await stage.run("tetherdock", "client", "approve", "bob", "--request", from, "--yes")),
  );
  return to;
}

async function worksOn(home: string): Promise<void> {
  expect((await on(home, "tetherdock", "run", "--", "sh", "-c", PING)).stdout, home).toBe("OK");
  expect(readdirSync(join(stage.work, home, "lines")).filter(isFinished)).toEqual(["web"]);
}

test("the request and the certificate", { timeout: 240_000 }, async () => {
  const requests = await atEach(async (at) => {
    const home = `request-${at}`;
    const first = await on(home, ...killed(at), "join", token);
    const request = must(await on(home, "tetherdock", "join", token));
    must(await on(home, "tetherdock", "join", token, "--certificate", await signed(request)));
    await worksOn(home);
    return first.status !== 0;
  });
  const finished = await atEach(async (at) => {
    const home = `finish-${at}`;
    const file = await signed(must(await on(home, "tetherdock", "join", token)));
    const first = await on(home, ...killed(at), "join", token, "--certificate", file);
    if (!existsSync(join(stage.work, home, "lines/web")))
      must(await on(home, "tetherdock", "join", token, "--certificate", file));
    await worksOn(home);
    return first.status !== 0;
  });
  expect([requests, finished].every((kills) => kills > 2)).toBe(true);
});
