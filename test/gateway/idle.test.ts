import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningProcess, runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";
import { answer, ask } from "./support/stand-in.ts";
import type { Wire } from "./support/wire.ts";

const IDLE = 10_000;
const AT_A_TIME = 50;

let stage: Stage;
beforeAll(async () => {
  const limits = { connectionsPerClient: IDLE + 100, handshakesPerAddress: AT_A_TIME };
  stage = await Stage.make({ limits, run: (file) => runProcess(file, "ulimit -n $(ulimit -Hn)") });
  stage.docker.answerAll(answer(200, "OK"));
});
afterAll(() => stage.end());

test("ten thousand idle connections: what they weigh, and that others do not notice", {
  timeout: 120_000,
}, async () => {
  const gateway = stage.gateway as RunningProcess;
  const before = await gateway.rss();
  const clients: Wire[] = [];
  const more = async () => {
    while (clients.length < IDLE) {
      const wire = await stage.connect();
      clients.push(wire);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, more));
  const start = performance.now();
  const client = await stage.connect();
  client.send(ask("/_ping"));
  await client.sees("OK");
  const took = performance.now() - start;
  const grown = (await gateway.rss()) - before;
  const each = (grown * 1024) / clients.length;
  console.log(
    `${clients.length} idle connections: ${grown.toFixed(0)} MiB, ${each.toFixed(0)} KiB each; a new one answered in ${took.toFixed(0)} ms`,
  );
  expect(each).toBeLessThan(120);
  for (const one of [clients[0], clients[IDLE - 1]]) {
    one?.send(ask("/_ping"));
    await one?.sees("OK");
  }
});
