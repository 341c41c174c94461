/**
 * kill -9 at every change to a folder in invite, join and revoke, on both sides: strace kills the process as it makes the
 * call. Afterwards the same command, typed again, does its work, and no file is half written.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { everything, seed } from "../support/sample.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { atEach, isFinished, killing, must, ONE_THREAD, PING } from "./killing.ts";
import { type LaptopStage, makeLaptopStage, type Ran } from "./laptop-stage.ts";

let stage: LaptopStage;
let gateway: GatewayStage;
let running: ChildProcess;

beforeAll(async () => {
  stage = makeLaptopStage();
  const spawn = (command: string, args: readonly string[]) => {
    running = stage.spawn("env", [ONE_THREAD, command, ...args]);
    return running;
  };
  gateway = await startGateway({ ...stage, spawn });
}, 60_000);
afterAll(async () => {
  if (running.exitCode === null && running.signalCode === null) await gateway?.stop();
  else await gateway?.resume().then(() => gateway.stop());
  stage?.remove();
});

const tetherdock = (...args: string[]) => stage.run("tetherdock", ...args);
const on = (home: string, ...args: string[]) =>
  stage.run("env", `TETHERDOCK_HOME=${join(stage.work, home)}`, ...args);
const joinOn = (home: string, token: string) =>
  on(home, "sh", "-c", `tetherdock join - <<'END'\n${token}\nEND`);

/** @returns what the command did while the gateway was killed at its call `at`, and whether it was */
async function withGatewayKilled(at: number, command: () => Promise<Ran>) {
  const output = join(stage.work, "attached");
  const tracer = stage.spawn("strace", [...killing(at), "-o", output, "-p", `${running.pid}`]);
  const gone = once(tracer, "exit");
  const isOver = () => running.signalCode !== null || running.exitCode !== null;
  // A write of its own, such as when clients were last seen, may be the call: then it is gone before the command.
  const isTraced = () => isOver() || tracerOf(running.pid ?? 0) === tracer.pid;
  await expect.poll(isTraced, { timeout: 10_000 }).toBe(true);
  const ran = await command();
  if (!isOver()) tracer.kill("SIGINT");
  await gone;
  // It may have been killed after the command had its answer; nothing kills it from here on.
  const killed = isOver() || !isAlive(running.pid ?? 0);
  if (!isOver() && killed) await once(running, "exit");
  if (killed) await gateway.resume();
  return { ran, killed };
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** @returns 0: not all of its threads are traced, or it is gone */
function tracerOf(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((task) =>
      Number(/TracerPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/task/${task}/status`, "utf8"))?.[1]),
    );
    return threads.every((one) => one === threads[0]) ? (threads[0] ?? 0) : 0;
  } catch {
    return 0;
  }
}

/** An ordinary day takes every third call, and another third the next day. */
const STEP = everything ? 1 : 3;
const FIRST = everything ? 1 : 1 + ((Number(seed.slice(-2)) || 0) % STEP);

const atSome = (run: (at: number) => Promise<boolean>) => atEach(run, { first: FIRST, step: STEP });

test("join: the laptop", { timeout: 120_000 }, async () => {
  const kills = await atSome(async (at) => {
    const [name, home] = [`laptop-${at}`, `laptop-${at}`];
    const token = must(await tetherdock("client", "invite", name));
    writeFileSync(join(stage.work, "token"), token, { mode: 0o600 });
    const output = join(stage.work, "joining");
    const words = ["strace", ...killing(at), "-o", output, "tetherdock", "join", "-"].join(" ");
    const first = await on(home, "sh", "-c", `exec env ${ONE_THREAD} ${words} <${join(stage.work, "token")}`);
    if (!existsSync(join(stage.work, home, "lines/guarded"))) must(await joinOn(home, token));
    await worksOn(home);
    return first.status !== 0;
  });
  expect(kills).toBeGreaterThan(2);
});

test("invite, join and revoke: the gateway", { timeout: 240_000 }, async () => {
  let name = "";
  const kills = [
    await atSome(async (at) => {
      name = `invited-${at}`;
      const { ran, killed } = await withGatewayKilled(at, () => tetherdock("client", "invite", name));
      if (killed) await listWorks();
      if (ran.status !== 0 && (await stateOf(name)) !== undefined)
        must(await tetherdock("client", "rm", name));
      if (ran.status !== 0) must(await tetherdock("client", "invite", name));
      expect(await stateOf(name)).toBe("invited");
      return killed;
    }),
    await atSome(async (at) => {
      name = `joined-${at}`;
      const token = must(await tetherdock("client", "invite", name));
      const { ran, killed } = await withGatewayKilled(at, () => joinOn(name, token));
      if (killed) await listWorks();
      if (ran.status !== 0) must(await joinOn(name, token));
      await worksOn(name);
      expect(await stateOf(name)).toBe("active");
      return killed;
    }),
    await atSome(async (at) => {
      name = `revoked-${at}`;
      must(await joinOn(name, must(await tetherdock("client", "invite", name))));
      const { ran, killed } = await withGatewayKilled(at, () => tetherdock("client", "revoke", name));
      if (killed) await listWorks();
      if (ran.status === 0) expect(await stateOf(name)).toBe("revoked");
      must(await tetherdock("client", "revoke", name));
      expect(await stateOf(name)).toBe("revoked");
      expect((await on(name, "tetherdock", "run", "--", "sh", "-c", PING)).stdout).not.toBe("OK");
      return killed;
    }),
  ];
  expect(kills.reduce((all, one) => all + one)).toBeGreaterThan(2);
  must(await tetherdock("audit", "verify"));
});

/** @returns the exit status */
const askOn = async (home: string, token: string) =>
  (await on(home, "sh", "-c", `tetherdock join - --no-wait <<'END'\n${token}\nEND`)).status;
const approveAll = ["client", "approve", "--yes"] as const;

test("invite --approve and approve: the operator's laptop", { timeout: 240_000 }, async () => {
  const output = join(stage.work, "approving");
  const killed = (at: number, ...words: readonly string[]) =>
    stage.run("env", ONE_THREAD, "strace", ...killing(at), "-o", output, "tetherdock", ...words);
  const kills = [
    await atSome(async (at) => {
      const name = `inviting-${at}`;
      const first = await killed(at, "client", "invite", name, "--approve");
      // What was killed may have invited; whoever invites again has the token that counts.
      const token =
        first.status === 0 ? must(first) : must(await tetherdock("client", "invite", name, "--approve"));
      expect(await askOn(name, token)).toBe(1);
      must(await tetherdock(...approveAll, name));
      must(await joinOn(name, token));
      await worksOn(name);
      return first.status !== 0;
    }),
    await atSome(async (at) => {
      const name = `approving-${at}`;
      const token = must(await tetherdock("client", "invite", name, "--approve"));
      expect(await askOn(name, token)).toBe(1);
      const first = await killed(at, ...approveAll, name);
      if ((await stateOf(name)) === "waiting") must(await tetherdock(...approveAll, name));
      must(await joinOn(name, token));
      await worksOn(name);
      return first.status !== 0;
    }),
  ];
  expect(kills.reduce((all, one) => all + one)).toBeGreaterThan(1);
});

test("ask, approve and fetch: the gateway", { timeout: 240_000 }, async () => {
  const asked = async (name: string) => {
    const token = must(await tetherdock("client", "invite", name, "--approve"));
    expect(await askOn(name, token)).toBe(1);
    return token;
  };
  const finish = async (name: string, token: string) => {
    must(await joinOn(name, token));
    await worksOn(name);
    expect(await stateOf(name)).toBe("active");
  };
  const kills = [
    await atSome(async (at) => {
      const name = `asking-${at}`;
      const token = must(await tetherdock("client", "invite", name, "--approve"));
      const ask = () => on(name, "sh", "-c", `tetherdock join - --no-wait <<'END'\n${token}\nEND`);
      const { killed } = await withGatewayKilled(at, ask);
      expect(await askOn(name, token)).toBe(1);
      must(await tetherdock(...approveAll, name));
      await finish(name, token);
      return killed;
    }),
    await atSome(async (at) => {
      const name = `approved-${at}`;
      const token = await asked(name);
      const { ran, killed } = await withGatewayKilled(at, () => tetherdock(...approveAll, name));
      if (ran.status !== 0) must(await tetherdock(...approveAll, name));
      await finish(name, token);
      return killed;
    }),
    await atSome(async (at) => {
      const name = `fetching-${at}`;
      const token = await asked(name);
      must(await tetherdock(...approveAll, name));
      const { ran, killed } = await withGatewayKilled(at, () => joinOn(name, token));
      if (ran.status === 0) await worksOn(name);
      else await finish(name, token);
      return killed;
    }),
  ];
  expect(kills.reduce((all, one) => all + one)).toBeGreaterThan(2);
});

async function worksOn(home: string): Promise<void> {
  const { stdout, stderr } = await on(home, "tetherdock", "run", "--", "sh", "-c", PING);
  expect(stdout, `${home}: ${stderr}`).toBe("OK");
  const folder = join(stage.work, home, "lines");
  expect(readdirSync(folder).filter(isFinished)).toEqual(["guarded"]);
  expect(readdirSync(join(folder, "guarded/docker")).toSorted()).toEqual(["ca.pem", "cert.pem", "key.pem"]);
}

async function stateOf(name: string): Promise<string | undefined> {
  const clients = JSON.parse(must(await tetherdock("client", "ls", "--json"))) as {
    name: string;
    state: string;
  }[];
  return clients.find((one) => one.name === name)?.state;
}

async function listWorks(): Promise<void> {
  must(await tetherdock("client", "ls"));
  expect(await gateway.ask("GET", "/_ping")).toBe(200);
}
