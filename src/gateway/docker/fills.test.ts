import { expect, test } from "vitest";
import { Fills } from "./fills.ts";

test("a volume is filled by one request at a time", () => {
  const fills = new Fills();
  const [one, two] = [fills.ofRequest(), fills.ofRequest()];
  expect([one.begin("a"), two.begin("a"), one.begin("a"), two.begin("b")]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  two.end("a");
  expect(two.isBegun("a")).toBe(true);
  one.end("a");
  expect([two.isBegun("a"), two.begin("a"), one.isEmpty, two.isEmpty]).toEqual([false, true, true, false]);
});

test("what is released ends, and begins nothing more: the judge may still be at work", () => {
  const fills = new Fills();
  const [one, two] = [fills.ofRequest(), fills.ofRequest()];
  one.begin("a");
  one.begin("b");
  one.release();
  expect([two.isBegun("a"), two.isBegun("b"), one.begin("c"), two.begin("c")]).toEqual([
    ...[false, false, false, true],
  ]);
});

test("a request waits for another that has the volume", async () => {
  const fills = new Fills();
  const [one, two] = [fills.ofRequest(), fills.ofRequest()];
  await two.whenEnded("a");
  one.begin("a");
  const waits = two.whenEnded("a").then(() => two.begin("a"));
  expect(two.begin("a")).toBe(false);
  one.release();
  expect(await waits).toBe(true);
});

test("a request that is over waits for nothing", async () => {
  const fills = new Fills();
  const one = fills.ofRequest();
  one.release();
  await expect(one.whenEnded("a")).rejects.toThrow("over");
});
