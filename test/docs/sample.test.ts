/** The part of slow tests that a day takes. */
import { expect, test } from "vitest";
import { sampleBy } from "../support/sample.ts";

const all = Array.from({ length: 29 }, (_, index) => index);
const days = Array.from({ length: 60 }, (_, index) => `day ${index}`);

test("the same day draws the same sample, in the original order; another place draws a different one", () => {
  for (const day of days) {
    const drawn = sampleBy("a", all, 5, { day, whole: false });
    expect(drawn).toHaveLength(5);
    expect(drawn).toEqual(sampleBy("a", all, 5, { day, whole: false }));
    expect(drawn).toEqual([...drawn].sort((a, b) => a - b));
  }
  const [day = ""] = days;
  expect(sampleBy("a", all, 5, { day, whole: false })).not.toEqual(
    sampleBy("b", all, 5, { day, whole: false }),
  );
});

test("within two months everything is drawn; --all takes everything at once", () => {
  const seen = new Set(days.flatMap((day) => sampleBy("a", all, 5, { day, whole: false })));
  expect(seen.size).toBe(all.length);
  expect(sampleBy("a", all, 5, { day: "any", whole: true })).toEqual(all);
});
