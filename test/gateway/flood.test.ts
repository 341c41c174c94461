import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./support/call.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";

const FLOOD = new URL("support/flood.ts", import.meta.url).pathname;
const CONCURRENCY = 200;
/** One in a hundred of those who come is known. */
const GOOD = 50;

let stage: Stage;
let flood: ChildProcess;
let shaken = 0;
beforeAll(async () => {
  stage = await Stage.make({ run: (file) => runProcess(file) });
  stage.docker.answerAll(answer(200, "OK"));
  flood = spawn(process.execPath, [FLOOD, stage.host, `${stage.port}`, `${CONCURRENCY}`], { stdio: "pipe" });
  flood.stdout?.setEncoding("utf8").on("data", (text: string) => {
    shaken = Number(text.trim().split("\n").at(-1));
  });
});
afterAll(async () => {
  flood.kill("SIGKILL");
  await stage.end();
});

/** Milliseconds from the connection's beginning to the answer's end. */
async function served(): Promise<number> {
  const start = performance.now();
  const client = await stage.connect();
  client.send(ask("/_ping"));
  await client.sees("\r\n\r\nOK");
  client.destroy();
  return performance.now() - start;
}

test("a flood of handshakes from eight addresses: a ninth address is served all the time", async () => {
  await expect.poll(() => shaken, { timeout: 20_000 }).toBeGreaterThan(CONCURRENCY);
  const before = shaken;
  const start = performance.now();
  const times: number[] = [];
  while (times.length < GOOD || shaken - before < GOOD * 99) {
    times.push(await served());
    if (times.length >= GOOD && performance.now() - start > 15_000) break;
  }
  times.sort((one, two) => one - two);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(0);
  const rate = ((shaken - before) / (performance.now() - start)) * 1_000;
  console.log(
    `${rate.toFixed(0)} hostile handshakes/s, ${times.length} good ones: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, none refused`,
  );
  expect(Number(at(0.99))).toBeLessThan(5_000);
});

test("after the flood no state is left", async () => {
  flood.kill("SIGKILL");
  const client = await stage.connect();
  await expect
    .poll(async () => (await call(client, "GET", "status")).value, { timeout: 20_000 })
    .toMatchObject({ connections: 1, handshakes: 0 });
});
