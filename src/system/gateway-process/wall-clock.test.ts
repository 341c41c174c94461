import { expect, test } from "vitest";
import { WallClock } from "./wall-clock.ts";

const START = 1_700_000_000_000;

function fake() {
  const at = { system: START, steady: 5.25 };
  const clock = new WallClock({ system: () => at.system, steady: () => at.steady });
  const pass = (ms: number) => {
    at.system = Math.floor(at.system + ms);
    at.steady += ms;
  };
  return { at, clock, pass };
}

test("it has fractions, and is not set by what cutting them off amounts to", () => {
  const { clock, pass } = fake();
  pass(10.75);
  clock.follow();
  expect(clock.now()).toBe(START + 10.75);
});

test.each([
  ["the machine slept", 3_600_000],
  ["NTP has set the clock back", -5_000],
])("%s: it follows the system's clock", (_what, ms) => {
  const { at, clock, pass } = fake();
  at.system += ms;
  pass(1);
  clock.follow();
  expect(clock.now()).toBe(START + ms + 1);
});
