import { expect, test } from "vitest";
import { Rate } from "./rate.ts";

test("allows a burst, then the rate per minute", () => {
  const rate = new Rate(60, 2);
  expect([rate.take("a", 0), rate.take("a", 0), rate.take("a", 0)]).toEqual([true, true, false]);
  expect([rate.take("a", 999), rate.take("a", 1_000), rate.take("a", 1_000)]).toEqual([false, true, false]);
});

test("what is spent may be more than there is, and has to come back first", () => {
  const rate = new Rate(60, 10);
  expect([rate.spend("a", 0, 7), rate.spend("a", 0, 5), rate.spend("a", 0, 1)]).toEqual([true, true, false]);
  expect([rate.spend("a", 2_000, 1), rate.spend("a", 2_001, 1)]).toEqual([false, true]);
});

test("what is given back may be spent again, up to the burst", () => {
  const rate = new Rate(60, 10);
  rate.spend("a", 0, 12);
  rate.giveBack("a", 1);
  expect(rate.spend("a", 0, 1)).toBe(false);
  rate.giveBack("a", 50);
  expect([rate.spend("a", 0, 10), rate.spend("a", 0, 1)]).toEqual([true, false]);
  rate.giveBack("nobody", 1);
  expect(rate.allows("nobody", 0)).toBe(true);
});

test("a long pause allows no more than the burst", () => {
  const rate = new Rate(60, 2);
  rate.take("a", 0);
  expect([0, 1, 2].map(() => rate.take("a", 3_600_000))).toEqual([true, true, false]);
});

test("a query takes nothing, and each holder has its own quota", () => {
  const rate = new Rate(60, 1);
  expect([rate.allows("a", 0), rate.allows("a", 0), rate.take("a", 0), rate.allows("a", 0)]).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(rate.take("b", 0)).toBe(true);
});

test("setting the clock back changes nothing", () => {
  const rate = new Rate(60, 1);
  rate.take("a", 10_000);
  expect(rate.take("a", 0)).toBe(false);
  expect(rate.take("a", 1_000)).toBe(true);
});

test("at most 4,096 holders are remembered; the one that was seen longest ago is forgotten first", () => {
  const rate = new Rate(60, 1);
  for (let holder = 0; holder < 4_096; holder++) rate.take(`${holder}`, 0);
  expect(rate.allows("0", 0)).toBe(false);
  rate.take("new", 0);
  expect([rate.allows("0", 0), rate.allows("new", 0)]).toEqual([false, false]);
  expect(rate.allows("1", 0)).toBe(true);
});
