import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "../base/index.ts";
import { RENEWAL_WINDOW_MS } from "./lifetimes.ts";
import { daysLeft, dueForRenewal } from "./renewal.ts";

const notAfter = Date.UTC(2031, 0, 1);

describe("daysLeft()", () => {
  test.each([
    [10 * DAY_MS, 10],
    [10 * DAY_MS - 1, 9],
    [1, 0],
    [0, 0],
    [-1, -1],
    [-DAY_MS - 1, -2],
  ])("%d ms before the end: %d", (left, days) => {
    expect(daysLeft({ notAfter }, notAfter - left)).toBe(days);
  });
});

describe("dueForRenewal()", () => {
  const ca = { notAfter: notAfter + 1_000 * DAY_MS };
  test("begins with the window and does not end", () => {
    expect(dueForRenewal({ notAfter }, ca, notAfter - RENEWAL_WINDOW_MS)).toBe(false);
    expect(dueForRenewal({ notAfter }, ca, notAfter - RENEWAL_WINDOW_MS + 1)).toBe(true);
    fc.assert(fc.property(fc.nat(), (late) => dueForRenewal({ notAfter }, ca, notAfter + late)));
  });
  test("is not where a new certificate would end at the same time, with the CA", () => {
    const due = (left: number) => dueForRenewal({ notAfter }, { notAfter }, notAfter - left);
    expect([due(20 * DAY_MS), due(1)]).toEqual([false, false]);
    expect(due(0), "signing then says that the CA has expired").toBe(true);
  });
});
