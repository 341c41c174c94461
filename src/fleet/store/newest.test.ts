import { expect, test } from "vitest";
import { Newest } from "./newest.ts";

test("a slow reader gets the newest of several values, once", async () => {
  const newest = new Newest<number>();
  const never = new AbortController();
  newest.put(1);
  newest.put(2);
  expect(await newest.take(never.signal)).toBe(2);
  const waiting = newest.take(never.signal);
  never.abort();
  expect(await waiting).toBeUndefined();
});
