/** kill -9 at each change to a folder while a machine joins a native engine: the same command, typed again, does its work. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { killing, ONE_THREAD, pointsIn, watching } from "../support/strace-points.ts";
import { type FakeEngine, startFakeEngine } from "./fake-engine.ts";
import { isFinished, must, PING } from "./killing.ts";
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
const trace = () => join(stage.work, "trace");
const traced = (options: readonly string[]) => ["strace", ...options, "-o", trace(), "tetherdock"];

async function signed(request: string): Promise<string> {
  const [from, to] = ["request", "certificates"].map((name) => join(stage.work, name)) as [string, string];
  writeFileSync(from, request);
  writeFileSync(
    to,
    must(await stage.run("tetherdock", "client", "approve", "bob", "--request", from, "--yes")),
  );
  return to;
}

type Traced = ReturnType<typeof traced>;

/** Kills one run after the other, each at another call. @returns how often */
async function atEach(what: string, run: (home: string, words: Traced) => Promise<number | null>) {
  expect(await run(what, traced(watching))).toBe(0);
  const points = pointsIn(readFileSync(trace(), "utf8"));
  for (const point of points) {
    const label = `${what}-${point.call}-${point.nth}`;
    expect(await run(label, traced(killing(point))), label).not.toBe(0);
  }
  return points.length;
}

async function worksOn(home: string): Promise<void> {
  expect((await on(home, "tetherdock", "run", "--", "sh", "-c", PING)).stdout, home).toBe("OK");
  const names = readdirSync(join(stage.work, home, "lines")).filter(isFinished);
  expect(names).toEqual(["web"]);
}

test("the request and the certificate", { timeout: 240_000 }, async () => {
  const requests = await atEach("asking", async (home, words) => {
    const { status } = await on(home, ...words, "join", token);
    const request = must(await on(home, "tetherdock", "join", token));
    must(await on(home, "tetherdock", "join", token, "--certificate", await signed(request)));
    await worksOn(home);
    return status;
  });
  const finished = await atEach("finishing", async (home, words) => {
    const file = await signed(must(await on(home, "tetherdock", "join", token)));
    const { status } = await on(home, ...words, "join", token, "--certificate", file);
    if (!existsSync(join(stage.work, home, "lines/web")))
      must(await on(home, "tetherdock", "join", token, "--certificate", file));
    await worksOn(home);
    return status;
  });
  expect([requests, finished].every((kills) => kills > 2)).toBe(true);
});
