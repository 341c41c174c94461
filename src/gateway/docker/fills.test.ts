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
