/** kill -9 in the middle of a renewal, again and again: the line always works, and its key is never taken for a copy. */
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCertificate, sameKey } from "../../src/pki/index.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { PING } from "./killing.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";

let stage: LaptopStage;
let gateway: GatewayStage;
let other: string;
beforeAll(async () => {
  stage = makeLaptopStage();
  gateway = await startGateway(stage);
  other = join(stage.work, "other");
  const token = await stage.run("tetherdock", "client", "invite", "bob@desk");
  const joined = await stage.run(
    "sh",
    "-c",
    `echo ${token.stdout.trim()} | TETHERDOCK_HOME=${other} tetherdock join -`,
  );
  expect(joined.status, joined.stderr).toBe(0);
  expect(await asBob("context", "create")).toMatchObject({ status: 0 });
});
afterAll(async () => {
  await gateway?.stop();
  stage?.remove();
});

const asBob = (...args: string[]) => stage.run("env", `TETHERDOCK_HOME=${other}`, "tetherdock", ...args);
const folder = () => join(other, "lines/guarded");
const file = (name: string) => readFileSync(join(folder(), name), "utf8");

async function untilClaimed(): Promise<void> {
  while (!existsSync(join(folder(), "renewal.json"))) await wait(1);
}

/** From the request that is stored, to after the end: a renewal takes 50 to 200 ms from there. */
const DELAYS_MS = [0, 15, 40, 70, 110, 160, 230, 320, 500];

test("wherever it is killed", { timeout: 120_000 }, async () => {
  const seen = new Set<string>();
  for (const [round, delay] of DELAYS_MS.entries()) {
    const before = file("docker/cert.pem");
    const child = stage.spawn("env", [`TETHERDOCK_HOME=${other}`, "tetherdock", "renew", "--force"]);
    const gone = once(child, "exit");
    await Promise.race([untilClaimed(), gone]);
    await wait(delay);
    child.kill("SIGKILL");
    await gone;
    const after = file("docker/cert.pem");
    seen.add(
      `${after === before ? "old" : "new"}, ${existsSync(join(folder(), "renewal.json")) ? "pending" : "done"}`,
    );
    expect(sameKey(after, file("docker/key.pem"))).toBe(true);
    expect((await asBob("run", "--", "sh", "-c", PING)).stdout, `round ${round}`).toBe("OK");
    const again = await asBob("renew");
    expect(again.status, again.stderr).toBe(0);
    expect(existsSync(join(folder(), "renewal.json"))).toBe(false);
    expect(readdirSync(join(folder(), "docker")).toSorted()).toEqual(["ca.pem", "cert.pem", "key.pem"]);
  }
  expect([...seen].length, [...seen].join("; ")).toBeGreaterThan(1);
  const shown = await stage.run("tetherdock", "client", "show", "bob@desk", "--json");
  expect(JSON.parse(shown.stdout)).toMatchObject({ state: "active", renewal: { copy: null } });
  const contexts = await asBob("context", "ls");
  expect(contexts.stdout).not.toContain("stale");
  expect(readCertificate(file("docker/cert.pem")).usages).toEqual(["clientAuth"]);
});
