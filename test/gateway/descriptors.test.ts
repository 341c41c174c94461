import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

/** A gateway at rest has some thirty open. */
const DESCRIPTORS = 90;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make({ run: (file) => runProcess(file, `ulimit -n ${DESCRIPTORS}`) });
  stage.docker.answerAll(answer(200, "OK"));
});
afterAll(() => stage.end());

/** @returns the answer's status; 0 when the connection was closed without one */
async function asked(client: Wire): Promise<number> {
  client.send(ask("/_ping"));
  const head = await client.sees("\r\n\r\n").catch(() => "");
  return Number(head.split(" ")[1] ?? 0);
}

test("without free file descriptors: new connections are refused, open ones continue, and the gateway recovers", async () => {
  const first = await stage.connect();
  expect(await asked(first)).toBe(200);
  const clients: Wire[] = [];
  const statuses: number[] = [];
  for (let count = 0; count < DESCRIPTORS; count++) {
    const client = await stage.connect().catch(() => null);
    if (client) clients.push(client);
    statuses.push(client ? await asked(client) : 0);
  }
  const kinds = new Set(statuses);
  console.log(
    `of ${statuses.length}: ${[...kinds].map((kind) => `${kind} ${statuses.filter((one) => one === kind).length}×`)}`,
  );
  expect(kinds.has(200)).toBe(true);
  expect(statuses.filter((status) => status !== 200).length).toBeGreaterThan(0);
  expect([...kinds].filter((kind) => ![0, 200, 502].includes(kind))).toEqual([]);
  expect(await asked(first)).toBe(200);
  for (const client of clients) client.destroy();
  await expect.poll(async () => asked(await stage.connect()).catch(() => 0), { timeout: 10_000 }).toBe(200);
});
