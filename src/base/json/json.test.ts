import { describe, expect, test } from "vitest";
import * as json from "./index.ts";

describe("parse()", () => {
  test.each([
    ["too deep", `${"[".repeat(65)}${"]".repeat(65)}`],
    ["much too deep", "[".repeat(1_000_000)],
    ["too long", `"${"x".repeat(5 * 1024 * 1024)}"`],
    ["no JSON", "{"],
  ])("refuses what is %s", (_, text) => {
    expect(() => json.parse(text)).toThrow(SyntaxError);
  });

  test("does not count brackets in strings, and accepts what is within the limits", () => {
    const text = `${"[".repeat(63)}"\\"${"[{".repeat(100)}"${"]".repeat(63)}`;
    expect(json.format(json.parse(text))).toContain("[{[{");
  });
});

test.each(["\\", '"', '\\"', "\\\\", '\\\\"', 'x"\\'])("a string that ends with %s ends there", (end) => {
  const brackets = "[{".repeat(100);
  const value = [`${brackets}${end}`, end, [`${end}${brackets}`]];
  expect(json.parse(JSON.stringify(value))).toEqual(value);
  expect(() => json.parse(`[${JSON.stringify(end)},${"[".repeat(64)}${"]".repeat(65)}`)).toThrow("deeper");
});

describe("read()", () => {
  const reader = json.openObject<{ name: string; ports: readonly number[]; note: string | undefined }>({
    name: { read: json.words(10) },
    ports: { read: json.list(json.count(65_535), 2) },
    note: { read: json.words(), optional: { value: undefined } } as { read: json.Read<string | undefined> },
  });

  test("leaves out unknown keys, and keeps known ones", () => {
    expect(json.read('{"name":"a","ports":[1],"more":{}}', reader)).toEqual({
      value: { name: "a", ports: [1], note: undefined },
    });
  });

  test.each([
    ["null", "the whole must be an object"],
    ["[]", "the whole must be an object"],
    ['{"ports":[]}', "name is missing"],
    ['{"name":"12345678901","ports":[]}', "name must be a string of at most 10 characters"],
    ['{"name":"a","ports":[1,2,3]}', "ports must have at most 2 items"],
    ['{"name":"a","ports":[1,"2"]}', "ports[1] must be a whole number from 1 to 65535"],
    ['{"__proto__":{"name":"a","ports":[]}}', "name is missing"],
  ])("%s: %s", (text, problem) => {
    expect(json.read(text, reader)).toMatchObject({ problems: expect.arrayContaining([problem]) });
  });

  test("reports a bounded number of problems", () => {
    const read = json.read(`[${'"x",'.repeat(9_999)}"x"]`, json.list(json.count(1)));
    expect("problems" in read && read.problems.length).toBe(50);
  });
});

test("textOf() runs no code of the value", () => {
  expect(json.textOf({ toString: 1 })).toBe('{"toString":1}');
  expect(json.textOf("x")).toBe("x");
});

test.each([
  ["\u001b[2J\u202e", '"\\u001b[2J\\u202e"'],
  ["\u009b\u{e0041}\u2028", '"\\u009b\\udb40\\udc41\\u2028"'],
])("JSON of %j is safe on a terminal and means the same", (text, shown) => {
  expect(json.format(text)).toBe(`${shown}\n`);
  expect(JSON.parse(json.safeLine(JSON.stringify(text)))).toBe(text);
});
