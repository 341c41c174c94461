import fc from "fast-check";
import { expect, test } from "vitest";
import { wrapText } from "./wrap-text.ts";

test("wrapText() breaks between words only", () => {
  expect(wrapText("aa bb cc", 5)).toEqual(["aa bb", "cc"]);
  expect(wrapText("a-word-longer-than-this b", 5)).toEqual(["a-word-longer-than-this", "b"]);
  expect(wrapText("", 5)).toEqual([""]);
});

test("wrapText() loses nothing and exceeds the width by single words only", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 30 }), (list, width) => {
      const lines = wrapText(list.join(" "), width);
      expect(lines.join(" ")).toBe(list.join(" "));
      for (const line of lines) expect(line.length <= width || !line.includes(" ")).toBe(true);
    }),
  );
});
