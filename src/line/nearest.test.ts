import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["biuld", ["build"]],
  ["buid", ["build"]],
  ["buildd", ["build"]],
  ["pro", ["prod", "prod-eu"]],
  ["staging", []],
  ["b", ["build"]],
  ["xq", []],
  ["xyo", []],
])("%s → %j", (input, expected) => {
  expect(nearest(input, ["build", "prod", "prod-eu"])).toEqual(expected);
});

test("two swapped neighbours count once: nearer than two wrong letters", () => {
  expect(nearest("abdc", ["abxy", "abcd"])[0]).toBe("abcd");
});

test("returns at most three", () => {
  expect(nearest("a", ["aa", "ab", "ac", "ad"])).toEqual(["aa", "ab", "ac"]);
});
