import fc from "fast-check";
import { expect, test } from "vitest";
import { foldKey } from "./fold.ts";
import { readJson } from "./read-json.ts";
import { writeJson } from "./write-json.ts";

const through = (text: string) => writeJson(readJson(Buffer.from(text)));

test("JSON.stringify's output is read and written unchanged", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.parse(through(text))).toEqual(JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});

test("the reader accepts what JSON.parse accepts, except what it refuses for another reason than syntax", () => {
  const pieces = fc.constantFrom(
    ...'{}[],:" \n\\u0d'.split(""),
    "true",
    "null",
    "-1.5e3",
    "01",
    "\\n",
    '"a"',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      let parsed: unknown;
      let isJson = true;
      try {
        parsed = JSON.parse(text);
      } catch {
        isJson = false;
      }
      if (!isJson) expect(() => through(text)).toThrow();
      else if (!/twice|pair/.test(reason(text))) expect(JSON.parse(through(text))).toEqual(parsed);
    }),
    { numRuns: 5_000 },
  );
});

function reason(text: string | Buffer): string {
  try {
    readJson(Buffer.from(text));
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

test("every escape is read as its character", () => {
  expect(readJson(Buffer.from(String.raw`"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`))).toBe('"\\/\b\f\n\r\té😀');
});

test.each([["12345678901234567890"], ["-0"], ["1e400"], ["1.10"], ['"\\u0000"'], ['{"__proto__":{"a":1}}']])(
  "kept as it was written: %s",
  (text) => {
    expect(through(text)).toBe(text);
  },
);

test.each([
  ["", "not JSON"],
  ["{", "not JSON"],
  ["{} {}", "more text after"],
  ["{}\0", "more text after"],
  ["\ufeff{}", "not JSON"],
  ["{'a':1}", "not JSON"],
  ['{a":1}', "not JSON"],
  ['{"a" 1}', "not JSON"],
  ['{"a":1 "b":2}', "not JSON"],
  ['{"a":1,}', "not JSON"],
  ["[1,]", "not JSON"],
  ["[1 2]", "not JSON"],
  ["trux", "not JSON"],
  ["falsE", "not JSON"],
  ["nul", "not JSON"],
  ["01", "more text after"],
  ["NaN", "not JSON"],
  ['"a\nb"', "not JSON"],
  ['"\\x41"', "not JSON"],
  ['"\\u12"', "not JSON"],
  ['"\\ud800"', "surrogate"],
  ['{"a":1,"a":2}', "twice"],
  ['{"a":1,"\\u0061":2}', "twice"],
  [`${"[".repeat(33)}${"]".repeat(33)}`, "deeply"],
])("refused: %j, %s", (text, why) => {
  expect(reason(text)).toContain(why);
});

test("text that is not UTF-8 is refused, because Go would replace characters", () => {
  expect(reason(Buffer.from([0x22, 0xff, 0x22]))).toContain("UTF-8");
  expect(reason(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toContain("UTF-8");
});

test("nesting 32 deep is read, also when it begins again", () => {
  const deep = `${"[".repeat(31)}${"]".repeat(31)}`;
  expect(through(`[${deep},${deep}]`)).toBe(`[${deep},${deep}]`);
  expect(reason(`[[${deep}]]`)).toContain("deeply");
});

test("nesting 100,000 deep is refused like 33, without a stack overflow", () => {
  expect(reason("[".repeat(100_000))).toContain("deeply");
});

test("Go reads these keys as Mounts and Links, and no others", () => {
  for (const key of ["Mounts", "mounts", "MOUNTS", "mountſ", "MOUNTſ"]) expect(foldKey(key)).toBe("mounts");
  expect(foldKey("LIN\u212aS")).toBe("links");
  expect(foldKey("0-9 @[`{ſ\u00c4")).toBe("0-9 @[`{s\u00c4");
  for (const key of ["m\u00f6unts", "mount\u0455", "\uff4dounts", "mounts ", "l\u0131nks"])
    expect(["mounts", "links"]).not.toContain(foldKey(key));
});
