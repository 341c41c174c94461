import { expect, test } from "vitest";
import { eachAtOnce, Places } from "./one-at-a-time.ts";

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

test("so many have a place at a time, in the order in which they ask, also after a failure", async () => {
  const places = new Places(2);
  const begun: number[] = [];
  const ends = [1, 2, 3, 4].map(() => Promise.withResolvers<void>());
  const all = ends.map(({ promise }, at) =>
    places.run(async () => {
      begun.push(at);
      await promise;
      return at;
    }),
  );
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1]);
  ends[1]?.reject(new Error("a fault"));
  await expect(all[1]).rejects.toThrow("a fault");
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1, 2]);
  for (const end of ends) end.resolve();
  expect(await Promise.all([all[0], all[2], all[3]])).toEqual([0, 2, 3]);
});

test("what is late gives its place to the next, and its result still counts", async () => {
  const { promise: hangs, resolve } = Promise.withResolvers<void>();
  const begun: number[] = [];
  let late = 0;
  const running = eachAtOnce(
    2,
    [1, 2, 3],
    async (one) => {
      begun.push(one);
      if (one < 3) await hangs;
      return one;
    },
    async (signal) => {
      late += 1;
      if (late === 1) return;
      await new Promise<void>((ended) => signal.addEventListener("abort", () => ended()));
    },
  );
  await expect.poll(() => begun).toEqual([1, 2, 3]);
  resolve();
  expect(await running).toEqual([1, 2, 3]);
});
