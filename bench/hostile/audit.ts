/**
 * The effect of a refused client on the audit log: how much its requests write, and whether records of an admin's
 * actions are lost. Files are small, so that seconds affect this log like months affect a real one.
 *
 *     node bench/hostile/audit.ts [SECONDS]
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { call } from "../../test/gateway/support/call.ts";
import { answer, ask } from "../../test/gateway/support/fake-docker.ts";
import { runProcess } from "../../test/gateway/support/run-process.ts";
import { Stage } from "../../test/gateway/support/stage.ts";
import { goal, head } from "../report.ts";

const MIB = 1024 * 1024;
/** 64 MiB of actions in total. */
const AUDIT = { rotateBytes: 4 * MIB, keep: 16, syncMs: 100 };
const CONNECTIONS = 8;
/** The maximum length of a target. */
const LONG = "x".repeat(64_000);
const ms = Number(process.argv[2] ?? 20) * 1000;

/** Sends requests until the end. */
type Attack = (stage: Stage, isOver: () => boolean) => Promise<number>;

async function inParallel(isOver: () => boolean, once: () => Promise<number>): Promise<number> {
  const each = async () => {
    let asked = 0;
    while (!isOver()) asked += await once();
    return asked;
  };
  const all = await Promise.all(Array.from({ length: CONNECTIONS }, each));
  return all.reduce((sum, asked) => sum + asked, 0);
}

/** Uses persistent connections. */
function viewer(request: string, sees: RegExp): Attack {
  return async (stage, isOver) => {
    const free = await Promise.all(Array.from({ length: CONNECTIONS }, () => stage.connect("vera")));
    return inParallel(isOver, async () => {
      const wire = free.pop() as (typeof free)[number];
      wire.send(request);
      await wire.sees(sees);
      free.push(wire);
      return 1;
    });
  };
}

/** @returns when it takes effect */
async function revoke(stage: Stage): Promise<void> {
  const clients = stage.list.map((one) => (one.name === "vera" ? { ...one, state: "revoked" } : one));
  await stage.write("clients.json", JSON.stringify({ version: 1, clients }));
  while (!stage.gateway.lines.some((line) => line.startsWith("in force: the client list")))
    await setTimeout(20);
}

const revoked: Attack = async (stage, isOver) => {
  await revoke(stage);
  return inParallel(isOver, async () => {
    const wire = (await stage.connect("vera")).polite();
    wire.send(ask(`/${LONG}`));
    await wire.rest();
    return 1;
  });
};

const strangers: Attack = (stage, isOver) =>
  inParallel(isOver, async () => {
    await (await stage.connectWith({})).over;
    return 1;
  });

/** @param isOver says when to stop */
async function act(stage: Stage, isOver: () => boolean): Promise<number> {
  const anna = await stage.connect();
  let done = 0;
  while (!isOver()) {
    anna.send(ask(`/containers/number-${done++}-/start`, "POST"));
    await anna.sees("204 Reason");
  }
  return done;
}

function logBytes(stage: Stage): number {
  const folder = join(stage.folder, "audit");
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

async function run(name: string, attack: Attack): Promise<void> {
  const stage = await Stage.make({ audit: AUDIT, run: (file) => runProcess(file) });
  try {
    stage.docker.answerAll(answer(204, ""));
    const until = performance.now() + ms;
    const isOver = () => performance.now() >= until;
    const [asked, done] = await Promise.all([attack(stage, isOver), act(stage, isOver)]);
    await call(await stage.connect(), "GET", "audit/verify");
    const records = await stage.records();
    const actions = new Set(records.flatMap(({ target }) => /number-\d+-/.exec(target) ?? []));
    const theirs = records.filter(({ client, decision }) => client === "vera" || decision !== "allow");
    const bytes = theirs.reduce((sum, record) => sum + JSON.stringify(record).length, 0);
    const kept = `${theirs.length} records of theirs, ${(bytes / MIB).toFixed(2)} MiB`;
    console.log(
      `${name}: asked ${asked} times; ${kept}; the log has ${(logBytes(stage) / MIB).toFixed(1)} MiB`,
    );
    goal(`${name}: actions without a record, of ${done}: ${done - actions.size}`, actions.size === done);
  } finally {
    await stage.end();
  }
}

head(`the audit log while somebody floods it for ${ms / 1000} s over ${CONNECTIONS} connections`);
await run("a viewer, refused", viewer(ask(`/containers/${LONG}/stop`, "POST"), /403 .*\r\n\r\n.*\n$/s));
await run("a revoked client", revoked);
await run("strangers", strangers);
await run("a viewer, permitted", viewer(ask(`/containers/json?filters=${LONG}`), /204 Reason/));
