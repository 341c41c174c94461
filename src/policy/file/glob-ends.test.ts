import { expect, test } from "vitest";
import { matchesGlob, matchesPath } from "./glob.ts";

test.each<[string, readonly string[], readonly string[]]>([
  ["", [""], ["a"]],
  ["a", ["a"], ["", "A", "aa", "ba", "ab"]],
  ["*", ["", "a", "a*b"], []],
  ["a*", ["a", "ab", "aa"], ["", "ba"]],
  ["*a", ["a", "ba", "aa", "aba"], ["", "ab"]],
  ["a*b", ["ab", "axb", "abb", "a*b"], ["a", "b", "abx", "xab"]],
  ["*a*b*", ["ab", "xaxbx", "aab", "bab"], ["ba", "a", "b", ""]],
  ["a**b", ["ab", "axxb"], ["a", "b"]],
  ["**", ["", "a"], []],
  ["a.b", ["a.b"], ["axb"]],
  ["*ab*ab", ["abab", "ababab", "xabxab"], ["ab", "aba"]],
])("%s matches %j and not %j", (glob, good, bad) => {
  expect([...good, ...bad].filter((text) => matchesGlob(glob, text))).toEqual(good);
});

test("a long glob of a long text takes no longer than both lengths", () => {
  expect(matchesGlob(`${"*a".repeat(250)}b`, "a".repeat(5_000))).toBe(false);
});

test.each<[string, readonly string[], readonly string[]]>([
  ["a/b", ["a/b"], ["a", "a/b/c", "a/c", "x/b"]],
  ["a/*", ["a/b", "a/"], ["a", "a/b/c", "b/b"]],
  ["a/**", ["a/b", "a/b/c"], ["a", "b/a"]],
  ["**", ["a", "a/b"], []],
  ["*/x*/**", ["a/x/b", "a/xy/b/c"], ["a/x", "a/y/b"]],
  ["a/**/b", ["a/x/b", "a/**/b"], ["a/b", "a/x/y/b"]],
])("the path %s matches %j and not %j", (glob, good, bad) => {
  const matches = (path: string) => matchesPath(glob.split("/"), path.split("/"));
  expect([...good, ...bad].filter(matches)).toEqual(good);
});
