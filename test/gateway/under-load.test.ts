import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

const OK = answer(200, "OK");
const VISITORS = 10;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
  stage.docker.answerAll(OK);
});
afterAll(() => stage.end());

/** Clients that ask and ask again, anew when they were cut. */
function load(who: string) {
  const state = { served: 0, refused: 0, ended: 0, over: false };
  const visitor = async () => {
    while (!state.over) {
      const client = await stage.connect(who);
      for (let answered = true; answered && !state.over; ) {
        client.send(ask("/_ping"));
        const head = await client.sees(/\r\n\r\n(OK|.*\n)/).catch(() => "");
        answered = head.endsWith("OK");
        if (answered) state.served++;
        else if (head === "") state.ended++;
        else state.refused++;
      }
      client.destroy();
    }
  };
  const visitors = Promise.all(Array.from({ length: VISITORS }, visitor));
  return {
    state,
    end: async () => {
      state.over = true;
      await visitors;
    },
    /** Waits until so many more are served. */
    serves: async (more: number) => {
      const before = state.served;
      await expect
        .poll(() => state.served, { timeout: 15_000, interval: 5 })
        .toBeGreaterThanOrEqual(before + more);
    },
  };
}

test("dockerd killed and restarted repeatedly: answers are complete or refusals, and the gateway continues", async () => {
  const busy = load("anna");
  for (let round = 0; round < 5; round++) {
    await busy.serves(50);
    await stage.docker.close();
    const before = busy.state.refused;
    await expect.poll(() => busy.state.refused, { interval: 5 }).toBeGreaterThan(before);
    await stage.docker.open();
  }
  await busy.serves(50);
  await busy.end();
  const statuses = new Set(
    (await stage.records()).filter(({ event }) => event === "request").map(({ status }) => status),
  );
  expect([...statuses].filter((status) => status !== 200 && status !== 502 && status !== null)).toEqual([]);
});

test("revoked under load: every connection of that client ends, and none of another", async () => {
  const anna = load("anna");
  const vera = load("vera");
  await Promise.all([anna.serves(20), vera.serves(20)]);
  await stage.change("vera", { state: "revoked" });
  await expect.poll(() => vera.state.ended + vera.state.refused, { interval: 5 }).toBeGreaterThan(VISITORS);
  const served = vera.state.served;
  await anna.serves(50);
  expect(vera.state.served).toBe(served);
  await Promise.all([anna.end(), vera.end()]);
  expect(anna.state).toMatchObject({ refused: 0, ended: 0 });
});
