import { describe, expect, test, vi } from "vitest";
import type { TetherdockError } from "../../base/index.ts";
import { parseEnd } from "./parameters.ts";
import { renderEnd } from "./render-end.ts";

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

  test("without a zone, a date and a time are this machine's, and the output has both", () => {
    vi.stubEnv("TZ", "Asia/Tokyo");
    try {
      const ends = ["2026-02-28", "2026-02-28T00:00", "2026-02-27T15:00Z"].map((text) => read(text).at);
      expect(new Set(ends)).toEqual(new Set([Date.UTC(2026, 1, 27, 15)]));
      const expires = new Date(ends[0] ?? 0).toISOString();
      expect(renderEnd(expires)).toBe("access ends 2026-02-27T15:00:00.000Z, here 2026-02-28 00:00");
    } finally {
      vi.unstubAllEnvs();
    }
    expect(renderEnd("2026-02-27T15:00:00.000Z")).toBe("access ends 2026-02-27T15:00:00.000Z");
    expect(renderEnd(null)).toBe("access ends with its certificate");
  });

  test("the date in the hint is in the future", () => {
    const error = (() => {
      try {
        parseEnd("soon")(Date.now, []);
      } catch (thrown) {
        return thrown as TetherdockError;
      }
      return null;
    })();
    const [example = ""] = /\d{4}-\d\d-\d\d/.exec(error?.hints[0] ?? "") ?? [];
    expect(Date.parse(example)).toBeGreaterThan(Date.now());
  });

  test("never is none", () => expect(read("never")).toEqual({ text: "never", at: null }));

  test.each(["soon", "2026-02-31", "2026-13-01", "30 days", ""])(
    "%j is refused with what can be written",
    (text) => {
      const hint =
        "write how long from now, or when: 90m, 24h, 30d, 2026-03-02, 2026-03-02T08:00 (this machine's time), 2026-03-02T08:00Z (UTC); or never";
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
