import { expect, test } from "vitest";
import { parseLineName } from "./line-name.ts";

test.each(["a", "vps", "vps-2", "0", "a".repeat(63)])("accepts %s", (name) => {
  expect(parseLineName(name)).toBe(name);
});

test.each(["", "-", "-a", "a-", "A", "a.b", "a_b", "a/b", "..", "a".repeat(64), "ä", "a\n"])(
  "refuses %j",
  (name) => {
    expect(() => parseLineName(name)).toThrow(expect.objectContaining({ code: "LINE_NAME_INVALID" }));
  },
);

test("suggests a valid name", () => {
  expect(() => parseLineName("My_VPS.example!")).toThrow(
    expect.objectContaining({ hints: ["use the name my-vps-example"] }),
  );
});
