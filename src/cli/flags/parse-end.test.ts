import { describe, expect, test } from "vitest";
import { parseEnd } from "./parameters.ts";

const NOW = Date.UTC(2026, 0, 31, 8);
const read = (text: string) => parseEnd(text)(() => NOW, ["tetherdock", "client", "revoke", "bob"]);

describe("parseEnd()", () => {
  test.each([
    ["30d", "2026-03-02T08:00:00.000Z"],
    ["2026-02-28T12:00:00.001Z", "2026-02-28T12:00:00.001Z"],
    ["2026-02-28", "2026-02-28T00:00:00.000Z"],
  ])("%s is an instant, to the millisecond", (text, expected) => {
    const { at } = read(text);
    expect([read(text).text, new Date(at ?? 0).toISOString()]).toEqual([text, expected]);
  });

  test("never is none", () => expect(read("never")).toEqual({ text: "never", at: null }));

  test.each(["soon", "2026-02-31", "2026-13-01", "30 days", ""])(
    "%j is refused with what can be written",
    (text) => {
      const hint = "write how long from now, or when: 90m, 24h, 30d, 2026-01-31, 2026-01-31T08:00Z; or never";
      expect(() => read(text)).toThrow(
        expect.objectContaining({ message: `cannot read the time "${text}"`, hints: [hint] }),
      );
    },
  );

  test.each(["now", "2026-01-31T07:59Z"])("%s is past", (text) => {
    const hints = ["tetherdock client revoke bob   # ends it at once"];
    expect(() => read(text)).toThrow(expect.objectContaining({ hints }));
  });
});
