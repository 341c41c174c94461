import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../admission/limits.ts";
import { Deadline } from "./deadline.ts";

const context = { coarseNow: 0, limits: { ...DEFAULT_LIMITS, headMs: 10, bodyStallMs: 100 } };

test("a new piece moves the deadline of a body, but not that of a head or of a body that is gathered", () => {
  context.coarseNow = 0;
  const deadline = new Deadline(context);
  deadline.set("head");
  context.coarseNow = 9;
  deadline.set("head");
  expect([9, 10].map((now) => deadline.isOver(now))).toEqual([false, true]);
  deadline.set("body");
  context.coarseNow = 50;
  deadline.set("body");
  expect([149, 150].map((now) => deadline.isOver(now))).toEqual([false, true]);
  deadline.set("whole-body");
  context.coarseNow = 90;
  deadline.set("whole-body");
  expect([149, 150].map((now) => deadline.isOver(now))).toEqual([false, true]);
});

test("clear() takes a kind, or clears any", () => {
  const deadline = new Deadline(context);
  deadline.set("head");
  deadline.clear("body");
  expect(deadline.due).toBe("head");
  deadline.clear();
  expect(deadline.isOver(Number.MAX_SAFE_INTEGER)).toBe(false);
});
