import { expect, test } from "vitest";
import { counted, firstOf, someOf } from "./counted.ts";

test("a noun is plural unless there is one", () => {
  expect([0, 1, 2].map((number) => counted(number, "day"))).toEqual(["0 days", "1 day", "2 days"]);
});

test("more words than are named are counted", () => {
  expect(["", "a", "ab", "abc", "abcde"].map((words) => someOf([...words], 2))).toEqual([
    "",
    "a",
    "a, b",
    "a, b and 1 more",
    "a, b and 3 more",
  ]);
});

test("more words than are named are told by three dots", () => {
  expect(["", "a", "ab", "abc"].map((words) => firstOf([...words], 2))).toEqual(["", "a", "a, b", "a, b, …"]);
});
