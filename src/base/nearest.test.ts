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
  ["", []],
  ["BIULD", ["build"]],
])("%s → %j", (input, expected) => {
  expect(nearest(input, ["build", "prod", "prod-eu"])).toEqual(expected);
});

test("two swapped neighbours count once: nearer than two wrong letters", () => {
  expect(nearest("abdc", ["abxy", "abcd"])[0]).toBe("abcd");
});

test("input as long as a page is not compared", () => {
  expect(nearest("x".repeat(100_000), ["x".repeat(100_000)])).toEqual([]);
});

test("names in upper case are found by lower case", () => {
  const words = ["status", "key-mode", "HOST_NOT_PROVEN"];
  expect(nearest("host_not_provn", words)).toEqual(["HOST_NOT_PROVEN"]);
  expect(nearest("key-moed", words)).toEqual(["key-mode"]);
});

test("returns at most three", () => {
  expect(nearest("a", ["aa", "ab", "ac", "ad"])).toEqual(["aa", "ab", "ac"]);
});
