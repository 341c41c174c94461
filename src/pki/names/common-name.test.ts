import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commonName } from "./common-name.ts";

describe("commonName()", () => {
  test("keeps a name that fits and cuts a longer one", () => {
    expect(commonName(" anna@laptop ")).toBe("anna@laptop");
    expect(commonName("é".repeat(64))).toBe("é".repeat(64));
    expect(commonName("a".repeat(65))).toBe(`${"a".repeat(63)}…`);
  });
  test.each(["", "  ", "a\nb", "a\u001b[2Kb", "a\u202eb", "a\u2028b", "\ud800"])("refuses %j", (text) => {
    expect(() => commonName(text)).toThrow("cannot be a certificate's name");
  });
  test("never returns more than 64 characters", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\p{L}\p{N}@. -]{1,200}$/u), (text) => {
        fc.pre(text.trim() !== "");
        expect([...commonName(text)].length).toBeLessThanOrEqual(64);
      }),
    );
  });
});
