import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../base/index.ts";
import { future, past } from "./when.ts";

const NOW = Date.parse("2026-12-01T00:00:00Z");

test.each([
  [-HOUR_MS, "now"],
  [59_999, "now"],
  [MINUTE_MS, "1 min ago"],
  [HOUR_MS - 1, "59 min ago"],
  [2.5 * HOUR_MS, "2 h ago"],
  [2 * DAY_MS, "2 days ago"],
  [99 * DAY_MS, "99 days ago"],
  [100 * DAY_MS, "2026-08-23"],
])("%s ms ago: %s", (ms, shown) => {
  expect(past(NOW - ms, NOW)).toBe(shown);
});

test.each([
  [-1, "2026-11-30"],
  [0, "2026-12-01"],
  [30 * MINUTE_MS, "in 30 min"],
  [25 * HOUR_MS, "in 25 h"],
  [6.9 * DAY_MS, "in 6 days"],
  [400 * DAY_MS, "2028-01-05"],
])("in %s ms: %s", (ms, shown) => {
  expect(future(NOW + ms, NOW)).toBe(shown);
});
