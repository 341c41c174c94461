/** What each kind of mark lets through: values of every type, also the second of two, and null. */
import { describe, expect, test } from "vitest";
import { refusalIn } from "../refusal.ts";
import { readJson } from "./json/read-json.ts";
import { writeJson } from "./json/write-json.ts";
import {
  allForbidden,
  allHarmless,
  command,
  each,
  eachOf,
  flag,
  forbidden,
  harmless,
  integer,
  limited,
  type Mark,
  nameSet,
  struct,
  text,
  textMap,
  texts,
} from "./mark.ts";

const jsonOf = (json: string) => readJson(Buffer.from(json));

/** @returns what the engine gets: JSON, or "nothing"; of a refusal, its check and message */
function read(mark: Mark, json: string, place = "A"): string {
  try {
    const kept = mark.read(jsonOf(json), place);
    return kept === undefined ? "nothing" : writeJson(kept);
  } catch (error) {
    const { check, refuse } = refusalIn(error);
    return `${check}! ${refuse}`;
  }
}

describe("types", () => {
  const types = { text, flag, integer, texts, textMap, command, nameSet };

  test.each<[keyof typeof types, readonly string[], readonly string[]]>([
    ["text", ['""', '"a"'], ["null", "1", "true", "[]", '["a"]', "{}"]],
    ["flag", ["true", "false"], ["null", "0", "1", '"true"', '""', "[]", "{}"]],
    [
      "integer",
      ["0", "-1", "9223372036854775807"],
      ["null", "true", '"1"', "[1]", "{}", "1.5", "1e3", "12345678901234567890"],
    ],
    ["texts", ["[]", '["a"]', '["a","b"]'], ['["a",1]', '[1,"a"]', "[null]", '"a"', "{}", "null", "1"]],
    [
      "textMap",
      ["{}", '{"a":"b","c":"d"}'],
      ['{"a":"b","c":1}', '{"a":1,"c":"d"}', '{"a":null}', '["a"]', '"a"'],
    ],
    ["command", ['"sh"', '["sh","-c"]', "[]"], ['["sh",1]', "1", "{}", "null"]],
    [
      "nameSet",
      ["{}", '{"80/tcp":{},"81/tcp":null}'],
      ['{"a":{"b":1}}', '{"a":{},"b":1}', '{"a":"b"}', '{"a":[]}', '{"a":true}', "[]", '"a"'],
    ],
  ])("%s", (name, good, bad) => {
    expect([...good, ...bad].filter((json) => types[name](jsonOf(json)))).toEqual(good);
  });
});

describe("a refusal shows the value, not more than 80 characters of it", () => {
  const long = "x".repeat(100);

  test.each([
    ["7", "7"],
    ["true", "true"],
    ['"a\\"b"', '"a\\"b"'],
    ['{"a":1,"b":2}', "{a, b}"],
    ['[1,["a"],{"b":1}]', '[1, ["a"], {b}]'],
    [`"${long}"`, `"${"x".repeat(79)}`],
    [`{"${long}":1}`, `{${"x".repeat(79)}`],
    [`[1,"${long}"]`, `[1, "${"x".repeat(75)}`],
  ])("%s", (json, shown) => {
    expect(read(forbidden("some", "not here"), json)).toBe(`some! A is ${shown}: not here (check some)`);
  });
});

test("a harmless field lets through every value of its type, and leaves out null", () => {
  expect(read(harmless(text, "why"), '"a"')).toBe('"a"');
  expect(read(harmless(text, "why"), "null")).toBe("nothing");
  expect(read(harmless(text, "why"), "1")).toBe("json! A is 1: the engine expects another type (check json)");
  const { a, b } = allHarmless(flag, "a b", "because");
  expect(a).toMatchObject({ verdict: "harmless", check: "", why: "because", fields: null });
  expect(b).toMatchObject({ why: "because" });
  expect(harmless(text, "why").why).toBe("why");
});

test("a limited field asks only about values of its type, never about null", () => {
  const mark = limited("some", integer, "use 1", (value) => writeJson(value) === "1");
  expect([read(mark, "1"), read(mark, "null")]).toEqual(["1", "nothing"]);
  expect(read(mark, "2")).toBe("some! A is 2: use 1 (check some)");
  expect(read(mark, '"1"')).toMatch(/^json! /);
  expect(mark).toMatchObject({ verdict: "limited", check: "some", why: "use 1", fields: null });
});

describe("a forbidden field", () => {
  test.each([["null"], ['""'], ["false"], ["0"], ["-0"], ["[]"], ["{}"]])(
    "%s is Go's zero value: left out",
    (json) => {
      expect(read(forbidden("some", "no"), json)).toBe("nothing");
    },
  );

  test.each([
    ['"a"'],
    ['"0"'],
    ["true"],
    ["1"],
    ["10"],
    ["-10"],
    ["0.5"],
    ["0e1"],
    ["[null]"],
    ["[0]"],
    ['{"a":null}'],
  ])("%s is refused", (json) => {
    expect(read(forbidden("some", "no"), json)).toMatch(/^some! /);
  });

  test("several at once have one check and one reason", () => {
    const marks = allForbidden("some", "a b", "no");
    expect(Object.keys(marks)).toEqual(["a", "b"]);
    expect(marks["b"]).toMatchObject({ verdict: "forbidden", check: "some", why: "no", fields: null });
    expect(read(struct(marks), '{"b":1}')).toBe("some! A.b is 1: no (check some)");
  });
});

describe("an object", () => {
  const marks = { Name: harmless(text, "why"), Inner: struct({ Size: harmless(integer, "why") }) };
  const mark = struct(marks);

  test.each([
    ["null", "nothing"],
    ["{}", "{}"],
    ['{"Name":null}', "{}"],
    ['{"NAME":"a","inner":{"\u017fize":1}}', '{"Name":"a","Inner":{"Size":1}}'],
    ["[]", "json! A is []: the engine expects an object (check json)"],
    ['"a"', 'json! A is "a": the engine expects an object (check json)'],
    ['{"name":1}', "json! A.Name is 1: the engine expects another type (check json)"],
    ['{"inner":{"SIZE":"a"}}', 'json! A.Inner.Size is "a": the engine expects another type (check json)'],
    ['{"Other":1}', "unknownField! A.Other is not a field that tetherdock knows (check unknownField)"],
    ['{"Name":"a","name":"b"}', "json! A.Name appears twice (check json)"],
    // Go reads both into one field
    ['{"Name":null,"name":"b"}', "json! A.Name appears twice (check json)"],
    ['{"inner":{},"Inner":{}}', "json! A.Inner appears twice (check json)"],
  ])("%s: %s", (json, result) => {
    expect(read(mark, json)).toBe(result);
  });

  test("of the outermost object, a field is named alone", () => {
    expect(read(mark, '{"inner":1}', "")).toBe("json! Inner is 1: the engine expects an object (check json)");
    expect(read(mark, '{"other":1}', "")).toMatch(/^unknownField! other is not a field/);
    expect(read(mark, "7", "")).toBe("json! the body is 7: the engine expects an object (check json)");
  });

  test("an unknown name is shown up to its 80th character", () => {
    expect(read(mark, `{"${"x".repeat(100)}":1}`, "")).toBe(
      `unknownField! ${"x".repeat(80)} is not a field that tetherdock knows (check unknownField)`,
    );
  });

  test.each([["constructor"], ["__proto__"], ["toString"]])("%s is an unknown name like others", (name) => {
    expect(read(mark, `{"${name}":1}`)).toMatch(/^unknownField! /);
  });

  test("its marks are those of its fields", () => {
    expect(mark).toMatchObject({ verdict: "limited", check: "", why: "", fields: marks });
  });
});

describe("a list of objects", () => {
  const mark = each(struct({ Name: harmless(text, "why") }));

  test.each([
    ["null", "nothing"],
    ["[]", "[]"],
    ['[{"name":"a"},{}]', '[{"Name":"a"},{}]'],
    ["{}", "json! A is {}: the engine expects a list (check json)"],
    ['"a"', 'json! A is "a": the engine expects a list (check json)'],
    ["[{},null]", "json! A is null: none of its entries may be null (check json)"],
    ['[{},{"Name":1}]', "json! A[1].Name is 1: the engine expects another type (check json)"],
  ])("%s: %s", (json, result) => {
    expect(read(mark, json)).toBe(result);
  });

  test("has the fields of its entries", () => {
    expect(Object.keys(mark.fields ?? {})).toEqual(["Name"]);
  });
});

describe("a map of objects", () => {
  const inner = struct({ Name: harmless(text, "why") });
  const mark = eachOf(inner, "some", "use a or b", (key) => key === "a" || key === "b");

  test.each([
    ["null", "nothing"],
    ["{}", "{}"],
    ['{"a":{"name":"x"},"b":{}}', '{"a":{"Name":"x"},"b":{}}'],
    ["[]", "json! A is []: the engine expects an object (check json)"],
    ['{"a":{},"c":{}}', 'some! a key of A is "c": use a or b (check some)'],
    ['{"a":{},"b":null}', "json! A is null: none of its entries may be null (check json)"],
    ['{"b":{"Name":1}}', 'json! A["b"].Name is 1: the engine expects another type (check json)'],
  ])("%s: %s", (json, result) => {
    expect(read(mark, json)).toBe(result);
  });

  test("without a rule every key is allowed, and shown up to the 80th character", () => {
    const any = eachOf(inner);
    expect(any).toMatchObject({ check: "", why: "", fields: inner.fields });
    expect(mark).toMatchObject({ check: "some", why: "use a or b", fields: inner.fields });
    expect(eachOf(harmless(text, "because"))).toMatchObject({
      verdict: "harmless",
      check: "",
      why: "because",
    });
    expect(read(any, '{"anything":{}}')).toBe('{"anything":{}}');
    expect(read(any, `{"${"x".repeat(100)}":{"Name":1}}`)).toMatch(/^json! A\["x{79}\]\.Name is 1: /);
  });
});
