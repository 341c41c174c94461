import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["biuld", ["build"]],
  ["buid", ["build"]],
  ["buildd", ["build"]],
  ["pro", ["prod", "prod-eu"]],
  ["staging", []],
])("%s → %j", (input, expected) => {
  expect(nearest(input, ["build", "prod", "prod-eu"])).toEqual(expected);
});

test("a swap of neighbours counts once: it is nearer than two wrong letters", () => {
  expect(nearest("abdc", ["abxy", "abcd"])[0]).toBe("abcd");
});

test("at most three", () => {
  expect(nearest("a", ["aa", "ab", "ac", "ad"])).toEqual(["aa", "ab", "ac"]);
});
