import { describe, expect, test } from "vitest";
import { sampleLine } from "../../test/support/sample-line.ts";
import { formatLine, parseLine, wayTo } from "./line.ts";

const line = sampleLine({
  address: "2001:db8::7",
  addresses: ["vps.example", "192.0.2.7", "2001:db8::7"],
  sans: ["vps.example"],
});

const problemsOf = (text: string): unknown => {
  try {
    parseLine(text, "/x/line.json");
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("parseLine()", () => {
  test("reads what formatLine wrote", () => {
    expect(parseLine(formatLine(line), "f")).toEqual(line);
    expect(parseLine(formatLine({ ...line, target: null }), "f").target).toBeNull();
  });

  test("refuses a line of a later version, whatever else is in it", () => {
    const read = () => parseLine(JSON.stringify({ version: 3, name: ["web"] }), "f");
    expect(read).toThrow(
      expect.objectContaining({ code: "STATE_NEWER", message: "a newer tetherdock wrote f" }),
    );
  });

  test("reads a line of version 1, whose host was not recorded, and loses nothing of it", () => {
    const { host: _, ...rest } = line;
    const first = parseLine(JSON.stringify({ ...rest, version: 1 }), "f");
    expect(first).toEqual({ ...line, host: { serverKeys: [], reachedAt: [], ssh: null } });
    expect(parseLine(formatLine(first), "f")).toEqual(first);
  });

  test("a line that was joined says so, and has no way by ssh", () => {
    const joined = { ...line, target: null, joined: true } as const;
    expect(parseLine(formatLine(joined), "f")).toEqual(joined);
    expect([wayTo(joined), wayTo({ ...line, target: null }), wayTo(line)]).toEqual([
      undefined,
      null,
      line.target,
    ]);
    expect(problemsOf(JSON.stringify({ ...line, joined: false }))).toMatchObject({ code: "LINE_BROKEN" });
  });

  test("reads back the recorded facts of the host", () => {
    const ssh = { hostname: "192.0.2.7", port: 2222, user: "core", hostKeyAlias: "vps", hostKeys: [] };
    const host = { serverKeys: ["a".repeat(64)], reachedAt: ["2001:db8::7"], ssh };
    expect(parseLine(formatLine({ ...line, host }), "f").host).toEqual(host);
  });

  test("reports every problem at once, and names the file", () => {
    const { id: _, ...rest } = line;
    const bad = { ...rest, port: 0, adress: "x", address: "[::1]", mode: "proxy" };
    expect(problemsOf(JSON.stringify(bad))).toMatchObject({
      code: "LINE_BROKEN",
      message: expect.stringContaining("/x/line.json"),
      why: [
        '"id" is missing',
        '"mode" must be "native" or "gateway"',
        expect.stringMatching(/^"address" must be/),
        expect.stringMatching(/^"port" must be/),
        '"adress" is not known to this version of tetherdock',
      ],
    });
  });

  test.each([
    ["version", 0],
    ["host", null],
    ["host", { serverKeys: ["x"], reachedAt: [], ssh: null }],
    ["host", { serverKeys: [], reachedAt: [], ssh: null, more: 1 }],
    ["host", { serverKeys: [], reachedAt: [], ssh: { hostname: "a\u001b[0m" } }],
    ["id", "0123456789ABCDEF"],
    ["name", "../up"],
    ["address", "a b"],
    ["address", "fe80::1%eth0"],
    ["address", "127.1"],
    ["port", 65_536],
    ["port", "2376"],
    ["target", ""],
    ["addresses", "vps"],
    ["addresses", ["https://vps"]],
    ["createdAt", "2026-13-01T00:00:00Z"],
    ["createdAt", "yesterday"],
  ])("refuses %s = %j", (field, value) => {
    expect(problemsOf(JSON.stringify({ ...line, [field]: value }))).toMatchObject({
      code: "LINE_BROKEN",
      why: [expect.stringContaining(`"${field}"`)],
    });
  });

  test.each(["", "{", "[]", "null", '"vps"', '{"__proto__": {}}'])("refuses %j", (text) => {
    expect(problemsOf(text)).toMatchObject({ code: "LINE_BROKEN" });
  });
});
