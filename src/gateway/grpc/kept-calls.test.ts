import { expect, test } from "vitest";
import { Rate } from "../admission/rate.ts";
import { KeptCalls } from "./kept-calls.ts";

function stage() {
  const rate = new Rate(1, 100);
  const calls = new KeptCalls({
    spend: (bytes) => rate.spend("eve", 0, bytes),
    giveBack: (bytes) => rate.giveBack("eve", bytes),
  });
  return { calls, isSpent: () => !rate.allows("eve", 0) };
}

test("what a call keeps counts until it ends", () => {
  const { calls, isSpent } = stage();
  const one = calls.begin(false);
  expect([one.mayKeep(100), isSpent(), one.mayKeep(1)]).toEqual([true, true, false]);
  one.over();
  one.over();
  expect(isSpent()).toBe(false);
  expect(calls.begin(false).mayKeep(100)).toBe(true);
});

test("what a build keeps counts until the connection is over", () => {
  const { calls, isSpent } = stage();
  const build = calls.begin(true);
  build.mayKeep(60);
  build.mayKeep(40);
  build.over();
  expect(isSpent()).toBe(true);
  calls.over();
  calls.over();
  expect(isSpent()).toBe(false);
});

test("a call that has ended keeps nothing: it was judged too late", () => {
  const { calls, isSpent } = stage();
  const late = calls.begin(true);
  late.over();
  expect([late.mayKeep(100), isSpent()]).toEqual([false, false]);
});
