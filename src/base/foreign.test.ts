import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Foreign, quoteForeign } from "./foreign.ts";
import { visible } from "./visible.ts";

/** Characters that a terminal obeys or hides. */
const UNSAFE = /(?!\t)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom("a", " ", '"', "\n", "\r", "\0", "\u001b[2J", "\u009b", "\u007f", "\u202e", "\u200b"),
    fc.constantFrom("\u2028", "\ufeff", "\u3164", "\u{e0041}", "\ud800", "\ue000", "é", "\t"),
  ),
});

describe("visible()", () => {
  test.each([
    ["\u001b]52;c;x\u0007", "\\x1b]52;c;x\\x07"],
    ["a\r\nb", "a\\r\\nb"],
    ["\u009b2J\u007f", "\\x9b2J\\x7f"],
    ["\u202eabc\u200b\u2028", "\\u202eabc\\u200b\\u2028"],
    ["\u{e0041}\ud800", "\\u{e0041}\\ud800"],
    ["a\u2800b", "a\\u2800b"],
    ["tab\tand é stay", "tab\tand é stay"],
  ])("%j is shown as %s", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test("any input becomes one harmless line, and stays the same when shown again", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(visible(text)).not.toMatch(UNSAFE);
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });
});

describe("foreign words", () => {
  test.each([
    ["anna@laptop", "anna@laptop"],
    ["Permission denied", '"Permission denied"'],
    ["", '""'],
    ['say "x"', "\"say 'x'\""],
    [`a${" ".repeat(300)}try: rm`, '"a try: rm"'],
    ["x\n  try: rm", '"x\\n try: rm"'],
    ["\u202e", '"\\u202e"'],
  ])("%j is quoted as %s", (text, shown) => {
    expect(`${new Foreign(text)}`).toBe(shown);
  });

  test("are one word, or have quotation marks at both ends and none inside, with bounded length", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(quoteForeign(text)).toMatch(/^(?:[^\s"]+|"[^"]*")$/);
      }),
    );
    expect(quoteForeign("x ".repeat(1e6)).length).toBeLessThan(400);
  });

  test("are shown by their last lines, each on one line", () => {
    expect(new Foreign("a\n\nb c\r\n d\n").lastLines(2)).toEqual(['"b c"', '"d"']);
  });
});
