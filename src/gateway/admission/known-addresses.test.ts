import { expect, test } from "vitest";
import { DAY_MS } from "../../base/index.ts";
import { KnownAddresses } from "./known-addresses.ts";

test("an address is known for a day after it was last admitted, unless it is refused", () => {
  const known = new KnownAddresses();
  expect(known.has("a", 0)).toBe(false);
  known.admit("a", 0);
  expect([known.has("a", DAY_MS - 1), known.has("a", DAY_MS)]).toEqual([true, false]);
  known.admit("a", 10);
  expect(known.has("a", DAY_MS)).toBe(true);
  known.forget("a");
  expect(known.has("a", 10)).toBe(false);
});

test("at most 4,096 are known; the one that was admitted longest ago is forgotten first", () => {
  const known = new KnownAddresses();
  for (let network = 0; network < 4_096; network++) known.admit(`${network}`, network);
  expect(known.has("0", 5_000)).toBe(true);
  known.admit("0", 5_000);
  known.admit("new", 5_000);
  expect(["0", "new", "1", "2"].map((network) => known.has(network, 5_000))).toEqual([
    true,
    true,
    false,
    true,
  ]);
});
