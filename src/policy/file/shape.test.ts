/** What a shape reads, and what it tells an editor of it. */
import { describe, expect, test } from "vitest";
import {
  count,
  described,
  flag,
  list,
  matching,
  object,
  oneOf,
  only,
  optional,
  type Shape,
  textMap,
} from "./shape.ts";

/** The value, or what is wrong with it. */
function read<T>(shape: Shape<T>, value: unknown) {
  const problems: string[] = [];
  const found = shape.read(value, "at", (at, text) => problems.push(`${at} ${text}`));
  return problems.length > 0 ? { found, problems } : found;
}

test("one number and no other", () => {
  expect(read(only(1), 1)).toBe(1);
  for (const other of [0, "1", null])
    expect(read(only(1), other)).toEqual({ found: undefined, problems: ["at must be 1"] });
  expect(read(only(1), 2)).toMatchObject({ problems: ["at must be 1; 2 needs a newer tetherdock"] });
  expect(only(1).schema).toEqual({ const: 1 });
});

test("a count: a whole number from 1", () => {
  expect([1, 7].map((value) => read(count(7), value))).toEqual([1, 7]);
  for (const other of [0, 8, 1.5, "1"]) expect(read(count(7), other)).toMatchObject({ found: undefined });
  expect(count(7).schema).toEqual({ type: "integer", minimum: 1, maximum: 7 });
});

describe("a map of texts", () => {
  const map = textMap(/^[a-z]+$/, matching(/^\d$/, "a digit"), 2);

  test("with as many entries as are allowed", () => {
    for (const value of [{}, { a: "1" }, { a: "1", b: "2" }])
      expect(read(map, value)).toEqual(new Map(Object.entries(value)));
  });

  test.each([null, [], ["1"], "a", 7])("%j is none", (value) => {
    expect(read(map, value)).toEqual({ found: undefined, problems: ["at must be a map"] });
  });

  test("every name and value is checked, and too many are not read", () => {
    expect(read(map, { a: "x", B: "y" })).toEqual({
      found: undefined,
      problems: ["at.B is not a name that is allowed here", "at.a must be a digit", "at.B must be a digit"],
    });
    expect(read(map, { a: "x", b: "1" })).toEqual({ found: undefined, problems: ["at.a must be a digit"] });
    expect(read(map, { a: "x", b: "y", c: "z" })).toEqual({
      ...{ found: undefined, problems: ["at must have at most 2 entries"] },
    });
  });

  test("an editor knows the same rules", () => {
    expect(map.schema).toEqual({
      type: "object",
      propertyNames: { pattern: "^[a-z]+$" },
      additionalProperties: { type: "string", pattern: "^\\d$" },
      maxProperties: 2,
    });
  });
});

test("an object's schema has its members, and says which of them have to be there", () => {
  const shape = object<{ a: boolean; b: readonly string[] }>({
    a: described("What a is", flag),
    b: optional("What b is", [], list(oneOf("x", "y"), 3)),
  });
  expect(shape.schema).toEqual({
    ...{ type: "object", additionalProperties: false, required: ["a"] },
    properties: {
      a: { description: "What a is", type: "boolean" },
      b: { description: "What b is", type: "array", items: { enum: ["x", "y"] }, maxItems: 3 },
    },
  });
  expect(read(shape, { a: true })).toEqual({ a: true, b: [] });
  expect(read(shape, { a: true, b: ["z"] })).toMatchObject({ found: undefined });
});
