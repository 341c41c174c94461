import { describe, expect, test } from "vitest";
import { parseSince } from "./parse-since.ts";

const NOW = Date.UTC(2026, 0, 31, 8);
const read = (text: string): string => new Date(parseSince(text)(() => NOW + 0.5)).toISOString();

describe("parseSince()", () => {
  test.each([
    ["90s", "2026-01-31T07:58:30.000Z"],
    ["24h", "2026-01-30T08:00:00.000Z"],
    ["99999d", "1970-01-01T00:00:00.000Z"],
    ["2026-01-30", "2026-01-30T00:00:00.000Z"],
    ["2026-01-30T12:00Z", "2026-01-30T12:00:00.000Z"],
    ["2026-01-30T12:00:01.25+01:00", "2026-01-30T11:00:01.250Z"],
  ])("%s", (text, expected) => expect(read(text)).toBe(expected));

  test.each([
    "",
    "1w",
    "yesterday",
    "0s",
    "2026",
    "2026-13-01",
    "2026-02-29",
    "2026-04-31T08:00Z",
    "2026-01-30T25:00Z",
    "30.1.2026",
    "-1h",
  ])("refuses %j", (text) =>
    expect(() => parseSince(text)).toThrow(expect.objectContaining({ code: "USAGE" })),
  );
});
