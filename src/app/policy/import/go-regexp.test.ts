import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Automaton, PatternProblem } from "./automaton.ts";
import { addGoRegexp } from "./go-regexp.ts";
import { extentOf } from "./permits.ts";

function matches(pattern: string, text: string): boolean {
  const automaton = new Automaton();
  addGoRegexp(automaton, pattern);
  let states = automaton.begin();
  for (const char of text) states = automaton.step(states, char.charCodeAt(0));
  return automaton.matched(states) === 0;
}

test.each([
  ["/v1\\..{1,2}/(version|info)", "/v1.41/info", true],
  ["/v1\\..{1,2}/(version|info)", "/v1.141/info", false],
  ["/a|/b", "/b", true],
  ["/a|/b", "/bb", false],
  ["^/a$", "/a", true],
  ["x^/a", "x/a", false],
  ["\\A/[^/]+\\z", "/a.b", true],
  ["/[^/]+", "/a/b", false],
  ["/(?i)abc", "/aBC", true],
  ["/(?i:ab)c", "/ABC", false],
  ["/(?i)[^a]", "/a", false],
  ["/(?i)[^a]", "/A", false],
  ["/(?i)[^A]", "/a", false],
  ["/(?i)[^a]", "/b", true],
  ["/(?P<id>[[:xdigit:]]{2,3})", "/f00", true],
  ["/[0-9a-f]{3}", "/f0", false],
  ["/a{2,}", "/aaaa", true],
  ["/a{2,}", "/a", false],
  ["/\\d+\\.\\w*?", "/12._x", true],
  ["/[a\\]-]", "/]", true],
  ["/[]a]", "/]", true],
  ["/a{,2}", "/a{,2}", true],
  ["", "", true],
])("%s against %s: %s", (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test.each([
  ...["(", ")", "[a", "a**", "*", "\\b", "\\pL", "(?<!a)", "(?=a)", "a{2000}", "a{3,1}", "[z-a]", "ä", "[a"],
  ...["\\", "x".repeat(5000), "(".repeat(60), "(a{1000}){1000}", "((?i)a){2}|[[:nope:]]"],
])("%s is refused, and not guessed at", (pattern) => {
  expect(() => addGoRegexp(new Automaton(), pattern)).toThrow(PatternProblem);
});

test("it matches as JavaScript does, where both have the same rules", () => {
  const atom = fc.constantFrom("a", "b", "/", ".", "[ab]", "[^a]", "(a|b)", "(?:ab|b)", "\\.", "\\w");
  const piece = fc
    .tuple(atom, fc.constantFrom("", "*", "+", "?", "{2}", "{1,2}", "{2,}"))
    .map((one) => one.join(""));
  const pattern = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
  const text = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "_"), maxLength: 8 });
  fc.assert(
    fc.property(fc.tuple(pattern, pattern), text, ([one, other], given) => {
      const both = `${one}|${other}`;
      expect(matches(both, given)).toBe(new RegExp(`^(?:${both})$`).test(given));
    }),
    { numRuns: 500 },
  );
});

test("a pattern that takes a backtracking engine hours takes no time", () => {
  const began = performance.now();
  expect(matches("(a+)+(a+)+(a|a|a)*b", "a".repeat(5000))).toBe(false);
  expect(performance.now() - began).toBeLessThan(2000);
});

describe("for which names a pattern permits", () => {
  const extent = (pattern: string, path: string) => {
    const automaton = new Automaton();
    addGoRegexp(automaton, pattern);
    return extentOf(automaton, { path }, "", (one) => one === 0);
  };
  test.each([
    ["/containers/.*", "/containers/{id}/json", "all"],
    ["/containers/[a-zA-Z0-9][a-zA-Z0-9_.-]+/json", "/containers/{id}/json", "all"],
    ["/containers/[a-zA-Z0-9_.-]{1,400}/json", "/containers/{id}/json", "some"],
    ["/containers/web.*/json", "/containers/{id}/json", "some"],
    ["/containers/[^_]+/json", "/containers/{id}/json", "some"],
    ["/containers/json", "/containers/{id}/json", "none"],
    ["/images/[^/]+/json", "/images/{name}/json", "some"],
    ["/images/.+/json", "/images/{name}/json", "all"],
    ["/(a*)*(b|[^b])*(c{9}|d)*.{40}", "/images/{name}/json", "some"],
  ])("%s, %s: %s", (pattern, path, expected) => {
    expect(extent(pattern, path)).toBe(expected);
  });
  test("the work has a bound: what needs more counts as some", () => {
    const began = performance.now();
    expect(extent(`/images/(.*a.{18}|.*b.{18}|.*)${"(x|.)?".repeat(50)}/json`, "/images/{name}/json")).toBe(
      "some",
    );
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
