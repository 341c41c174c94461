/** What a driver tells of its store, and when it tries again. */
import { expect, test } from "vitest";
import type { StoreState } from "./ports.ts";
import { StateTeller, waitMs } from "./state-teller.ts";

test("each change is told once, and a loss keeps its beginning", () => {
  const told: StoreState[] = [];
  let now = 1;
  const teller = new StateTeller(
    (state) => told.push(state),
    () => now++,
  );
  for (const why of ["refused", "refused", "status 503"]) teller.lost(why);
  for (let round = 0; round < 2; round += 1) teller.connected();
  teller.lost("refused");
  expect(told).toEqual([
    { is: "lost", since: 1, why: "refused" },
    { is: "lost", since: 1, why: "status 503" },
    { is: "connected" },
    { is: "lost", since: 2, why: "refused" },
  ]);
});

test.each([
  [0, 0.5, 10_000],
  [1, 0.5, 20_000],
  [3, 0.5, 30_000],
  [1_000_000, 0.5, 30_000],
  [1_000_000, 1, 36_000],
  [0, 0, 8_000],
])("after %i failures and with %d drawn, the next try is in %i ms", (failures, random, ms) => {
  expect(waitMs(failures, 10_000, random)).toBe(ms);
});
