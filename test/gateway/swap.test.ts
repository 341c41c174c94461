import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

const SWAPS = 100;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
  stage.docker.answerAll(answer(200, "OK"));
});
afterAll(() => stage.end());

test("a hundred new certificates under load: no request fails", async () => {
  const pair = await Promise.all([0, 1].map(() => stage.identities.server("docker.test")));
  const failures: string[] = [];
  let served = 0;
  let over = false;
  const attempt = async (work: () => Promise<void>) => {
    while (!over)
      await work().then(
        () => served++,
        (error: Error) => failures.push(error.message),
      );
  };
  const kept = await stage.connect();
  const load = [
    attempt(async () => {
      const client = await stage.connect();
      client.send(ask("/_ping"));
      await client.sees("\r\n\r\nOK");
      client.destroy();
    }),
    attempt(async () => {
      kept.send(ask("/_ping"));
      await kept.sees("\r\n\r\nOK");
    }),
  ];
  const taken = () => stage.gateway.lines.filter((line) => line === "in force: the certificates").length;
  for (let swap = 1; swap <= SWAPS; swap++) {
    const { key, cert } = pair[swap % 2] as (typeof pair)[number];
    await Promise.all([stage.write("server-cert.pem", cert), stage.write("server-key.pem", key)]);
    stage.gateway.hangUp();
    await expect.poll(taken, { interval: 5 }).toBeGreaterThanOrEqual(swap);
  }
  over = true;
  await Promise.all(load);
  console.log(`${SWAPS} swaps: ${served} requests served, ${failures.length} failed`);
  expect(failures).toEqual([]);
  expect(served).toBeGreaterThan(SWAPS);
});
