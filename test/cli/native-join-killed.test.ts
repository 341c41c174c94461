/** kill -9 at each change to a folder while a machine joins a native engine: the same command, typed again, does its work. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeEngine, startFakeEngine } from "./fake-engine.ts";
import { type LaptopStage, makeLaptopStage, type Ran } from "./laptop-stage.ts";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

const CALLS = "mkdir,rename,renameat2,link,unlink,rmdir,fsync,fdatasync";
/** strace counts calls by thread. */
const ONE_THREAD = "UV_THREADPOOL_SIZE=1";
const MOST = 40;
const PING =
  'curl --silent --cacert "$DOCKER_CERT_PATH/ca.pem" --cert "$DOCKER_CERT_PATH/cert.pem" --key "$DOCKER_CERT_PATH/key.pem" "https$(echo "$DOCKER_HOST" | cut -c 4-)/_ping"';

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

const must = (ran: Ran): string => {
  expect(ran.status, ran.stderr).toBe(0);
  return ran.stdout.trim();
};
const on = (home: string, ...args: string[]) =>
  stage.run("env", ONE_THREAD, `TETHERDOCK_HOME=${join(stage.work, home)}`, ...args);
const killing = (at: number) => [
  ...["strace", "-f", "-qq", "-o", join(stage.work, "trace"), "-e", `trace=${CALLS}`],
  ...["-e", `inject=${CALLS}:signal=KILL:when=${at}`, "tetherdock"],
];

async function signed(request: string): Promise<string> {
  const [from, to] = ["request", "certificates"].map((name) => join(stage.work, name)) as [string, string];
  writeFileSync(from, request);
  writeFileSync(
    to,
    must(await stage.run("tetherdock", "client", "approve", "bob", "--request", from, "--yes")),
  );
  return to;
}

/** Kills at one call after the other, until a run is not killed. @returns how often */
async function atEach(run: (at: number) => Promise<boolean>): Promise<number> {
  for (let at = 1, kills = 0; at < MOST; at += 1, kills++) if (!(await run(at))) return kills;
  throw new Error("it never ended");
}

async function worksOn(home: string): Promise<void> {
  expect((await on(home, "tetherdock", "run", "--", "sh", "-c", PING)).stdout, home).toBe("OK");
  const names = readdirSync(join(stage.work, home, "lines")).filter(
    (name) => !name.startsWith(".tetherdock-unfinished-"),
  );
  expect(names).toEqual(["web"]);
}

test("the request and the certificate", { timeout: 240_000 }, async () => {
  const requests = await atEach(async (at) => {
    const home = `request-${at}`;
    const first = await on(home, ...killing(at), "join", token);
    const request = must(await on(home, "tetherdock", "join", token));
    must(await on(home, "tetherdock", "join", token, "--certificate", await signed(request)));
    await worksOn(home);
    return first.status !== 0;
  });
  const finished = await atEach(async (at) => {
    const home = `finish-${at}`;
    const file = await signed(must(await on(home, "tetherdock", "join", token)));
    const first = await on(home, ...killing(at), "join", token, "--certificate", file);
    if (!existsSync(join(stage.work, home, "lines/web")))
      must(await on(home, "tetherdock", "join", token, "--certificate", file));
    await worksOn(home);
    return first.status !== 0;
  });
  expect([requests, finished].every((kills) => kills > 2)).toBe(true);
});
