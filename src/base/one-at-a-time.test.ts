import { expect, test } from "vitest";
import { eachAtOnce } from "./one-at-a-time.ts";

test("a failure ends it, once what is under way has ended, and nothing more is begun", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const [begun, ended]: [number[], number[]] = [[], []];
  const running = eachAtOnce(2, [1, 2, 3, 4], async (one) => {
    begun.push(one);
    if (one === 1) throw new Error("a bug");
    await promise;
    ended.push(one);
  });
  let isOver = false;
  const over = running.catch((error: Error) => {
    isOver = true;
    return error.message;
  });
  await new Promise(setImmediate);
  expect([begun, isOver]).toEqual([[1, 2], false]);
  resolve();
  expect([await over, begun, ended]).toEqual(["a bug", [1, 2], [2]]);
});

test("the results are in order", async () => {
  expect(await eachAtOnce(2, [3, 1, 2], async (one) => one * 2)).toEqual([6, 2, 4]);
});
