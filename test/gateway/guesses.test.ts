/** Tokens are guessed thousands of times, from several addresses at once, while somebody works and somebody joins. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { everything } from "../support/sample.ts";
import { call } from "./support/call.ts";
import { invite, join, newMachine, secret } from "./support/joining.ts";
import { type RunningProcess, runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";

const GUESSES = everything ? 10_000 : 400;
const ADDRESSES = 4;
/** From one address. */
const AT_ONCE = 8;

let stage: Stage;
let gateway: RunningProcess;
beforeEach(async () => {
  stage = await Stage.make({
    run: async (file) => {
      gateway = await runProcess(file);
      return gateway;
    },
  });
});
afterEach(() => stage.end());

/** @returns what each guess was told; undefined: it was closed without an answer */
async function guessed(isMore: () => boolean): Promise<(Record<string, unknown> | undefined)[]> {
  const told: (Record<string, unknown> | undefined)[] = [];
  const guesser = async (localAddress: string) => {
    const machine = await newMachine();
    while (isMore()) told.push(await join(stage, machine, secret(), { localAddress }).catch(() => undefined));
  };
  const all = Array.from({ length: ADDRESSES * AT_ONCE }, (_, at) => `127.6.0.${(at % ADDRESSES) + 1}`);
  await Promise.all(all.map(guesser));
  return told;
}

test("few are answered, none gets in, all are counted; nobody else notices", {
  timeout: everything ? 1_800_000 : 120_000,
}, async () => {
  const [token, start] = [secret(), performance.now()];
  await invite(stage, "bob@desk", token, { forMs: 3_600_000 });
  let left = GUESSES / 2;
  const failures: unknown[] = [];
  let served = 0;
  const work = async () => {
    while (left > 0) {
      const anna = await stage.connect();
      const { status } = await call(anna, "GET", "status");
      anna.destroy();
      if (status === 200) served++;
      else failures.push(status);
    }
  };
  const [first] = await Promise.all([guessed(() => left-- > 0), work()]);
  // Node's heap has grown to its size by now: what grows from here on would grow for ever.
  const before = await gateway.rss();
  left = GUESSES / 2;
  const [second] = await Promise.all([guessed(() => left-- > 0), work()]);
  const told = [...first, ...second];
  const minutes = (performance.now() - start) / 60_000;

  expect(told.length).toBeGreaterThanOrEqual(GUESSES);
  const answered = told.filter((one) => one !== undefined);
  expect(new Set(answered.map((one) => one["refused"]))).toEqual(
    new Set(["the invitation is not known here: it was taken back, replaced, or has expired"]),
  );
  // Five at once and ten a minute for each address.
  expect(answered.length).toBeLessThanOrEqual(ADDRESSES * (5 + 10 * Math.ceil(minutes)));
  expect([failures, served > 5]).toEqual([[], true]);
  expect((await gateway.rss()) - before).toBeLessThan(48);
  console.log(
    `${told.length} guesses in ${minutes.toFixed(1)} min, ${answered.length} answered; ${served} other requests`,
  );

  expect(await join(stage, await newMachine(), token)).toMatchObject({ name: "bob@desk" });
  await stage.gateway.stop();
  const records = (await stage.records()).filter(({ decision }) => decision === "refuse");
  expect(records.length).toBeLessThan(2_000);
  expect(records.reduce((sum, { count }) => sum + (count ?? 1), 0)).toBeGreaterThanOrEqual(answered.length);
  stage.running = null;
});
