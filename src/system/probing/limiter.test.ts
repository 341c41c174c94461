import { expect, test } from "vitest";
import { createLimiter } from "./limiter.ts";

const never = new AbortController().signal;

/** Work that ends on command, and the list of what is running. */
function workshop() {
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    running.push(name);
    const { promise, resolve } = Promise.withResolvers<string>();
    ends.set(name, () => {
      running.splice(running.indexOf(name), 1);
      resolve(name);
    });
    return promise;
  };
  return { running, work, end: (name: string) => ends.get(name)?.() };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("limits how many run in total and for each host; one host's queue does not delay another's", async () => {
  const { running, work, end } = workshop();
  const limiter = createLimiter({ total: 3, perKey: 2, signal: never });
  const all = ["a1", "a2", "a3", "b1", "b2"].map((name) => limiter.run(name.slice(0, 1), work(name)));
  await settled();
  expect(running).toEqual(["a1", "a2", "b1"]);
  end("a1");
  await settled();
  expect(running).toEqual(["a2", "b1", "a3"]);
  for (const name of ["a2", "a3", "b1"]) end(name);
  await settled();
  end("b2");
  expect(await Promise.all(all)).toEqual(["a1", "a2", "a3", "b1", "b2"]);
});

test("on abort running work ends, and waiting work is dropped", async () => {
  const { running, work, end } = workshop();
  const aborter = new AbortController();
  const limiter = createLimiter({ total: 1, perKey: 1, signal: aborter.signal });
  const all = ["a1", "a2", "b1"].map((name) => limiter.run(name.slice(0, 1), work(name)));
  await settled();
  aborter.abort();
  expect(await Promise.all(all.slice(1))).toEqual([undefined, undefined]);
  expect(running).toEqual(["a1"]);
  end("a1");
  expect(await all[0]).toBe("a1");
  expect(await limiter.run("c", work("c1"))).toBeUndefined();
});

test("failed work frees its place", async () => {
  const limiter = createLimiter({ total: 1, perKey: 1, signal: never });
  await expect(limiter.run("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await limiter.run("a", async () => 7)).toBe(7);
});
