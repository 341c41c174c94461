/** Queries, as the engine reads them and as they are sent to it. */
import { describe, expect, test } from "vitest";
import { findOperation, isTrue } from "../../../../../engine/index.ts";
import { isQuery, queryOf } from "./parameters.ts";
import { readQuery, targetOf } from "./query.ts";

test.each<[string, Record<string, string> | null]>([
  ["", {}],
  ["&&", {}],
  ["a=1&b=2", { a: "1", b: "2" }],
  ["&a=1&", { a: "1" }],
  ["a", { a: "" }],
  ["a=", { a: "" }],
  ["=x", { "": "x" }],
  ["a=b=c", { a: "b=c" }],
  ["a+b=c+d", { "a b": "c d" }],
  ["%61=%2B%26", { a: "+&" }],
  ["a=1&a=1", null],
  ["a=1&%61=2", null],
  ["a=1;b=2", null],
  [";", null],
  ["a=%zz", null],
  ["%zz=a", null],
  ["a=%ff", null],
  ["a=%", null],
])("the query %j is read as %j", (query, expected) => {
  const found = readQuery(query);
  expect(found && Object.fromEntries(found)).toEqual(expected);
});

describe("a boolean, as the engine reads it", () => {
  test.each([
    [""],
    ["0"],
    ["no"],
    ["false"],
    ["none"],
    ["No"],
    ["FALSE"],
    ["None"],
    [" 0 "],
    ["\tno\n"],
    [" "],
  ])("%j is false", (value) => {
    expect(isTrue(value)).toBe(false);
  });

  test.each([["1"], ["true"], ["x"], ["00"], ["f"], ["off"], ["n o"], ["\ufeff"], ["\ufeff0"], ["0\ufeff"]])(
    "%j is true",
    (value) => {
      expect(isTrue(value)).toBe(true);
    },
  );

  test("nothing is false", () => {
    expect(isTrue()).toBe(false);
  });
});

const callOf = (method: string, target: string) => findOperation(method, target) ?? expect.fail(target);

test("a target is written with escapes, in the version that was asked", () => {
  const query = new Map([
    ["a b", "c&d"],
    ["e", ""],
  ]);
  const versioned = callOf("POST", "/v1.41/containers/x/kill?signal=9");
  expect(targetOf(versioned, { id: "a/b" }, query)).toBe("/v1.41/containers/a%2Fb/kill?a%20b=c%26d&e=");
  expect(targetOf(callOf("GET", "/containers/json"), {}, new Map())).toBe("/containers/json");
});

/** @returns the check that refuses the query; "": none */
function checkOf(method: string, target: string): string {
  const found = queryOf(callOf(method, target));
  if (isQuery(found)) return "";
  const { check = "", refuse } = found as { check?: string; refuse: string };
  expect(refuse).toContain(`(check ${check})`);
  return check;
}

describe("the query of a call", () => {
  const create = (name: string) => checkOf("POST", `/containers/create?name=${name}`);

  test.each([
    ...["", "web", "/web", "a", "A-b_c.d", "11111111111", "1111111111111g", "abcdefabcdef.", "Abcdefabcdef"],
    ...["a".repeat(65), `x${"a".repeat(127)}`, `/x${"a".repeat(127)}`],
  ])("the name %j is allowed", (name) => {
    expect(create(name)).toBe("");
  });

  test.each([
    ...["/", "//a", "a/b", "-a", ".a", "_a", "a%20b", "a%0A", "%0Aa", "a:b", "%C3%A9", `x${"a".repeat(128)}`],
    ...["111111111111", "abcdefabcdef", "/abcdefabcdef", "a".repeat(64), "a".repeat(13)],
  ])("the name %j is refused", (name) => {
    expect(create(name)).toBe("name");
  });

  test("only the operation's own parameters are allowed, spelled exactly", () => {
    expect(checkOf("POST", "/containers/create?platform=linux")).toBe("");
    expect(checkOf("POST", "/containers/create?name=a&platform=linux")).toBe("");
    for (const query of ["Name=a", "name=a&force=1", "force=1&name=a", "=a", "name%20platform=a"])
      expect([query, checkOf("POST", `/containers/create?${query}`)]).toEqual([query, "query"]);
    expect(checkOf("POST", "/containers/create?name=a&name=b")).toBe("query");
  });

  test("an operation without parameters takes none", () => {
    expect(checkOf("POST", "/containers/a/pause")).toBe("");
    expect(checkOf("POST", "/containers/a/pause?t=1")).toBe("query");
  });

  test("a refusal names the parameter, up to its 80th character", () => {
    const found = queryOf(callOf("POST", `/containers/create?${"x".repeat(100)}=1`));
    expect(found).toMatchObject({
      refuse: `the parameter ${"x".repeat(80)} is not allowed; leave it out (check query)`,
    });
  });

  test("links are not removed", () => {
    expect(checkOf("DELETE", "/containers/a?link=0&v=1")).toBe("");
    expect(checkOf("DELETE", "/containers/a?link=1")).toBe("query");
  });
});
