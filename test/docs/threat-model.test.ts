/** docs/threat-model.md: what it says holds a promise exists. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/threat-model.md"), "utf8");
const named = [
  ...new Set([...page.matchAll(/`((?:src|test|tools|bench)\/[^`]*)`/g)].map(([, path = ""]) => path)),
];

test("the page names tests", () => {
  expect(named.length).toBeGreaterThan(20);
});

test.each(named)("%s exists", (path) => {
  expect(existsSync(join(root, path))).toBe(true);
});

/** Rows that rest on somebody else's promise: ssh's host key, and a build that the user asked for. */
const NOT_OURS = /^(?:\[security\]\(security\.md#what-you-trust\)|–)$/;

test("every row names a test", () => {
  const rows = [...page.matchAll(/^\| (?!tries to|---)(.*) \|$/gm)].map(([, row = ""]) => row.split(" | "));
  for (const row of rows) expect(row, row.join(" | ")).toHaveLength(3);
  const without = rows.filter(([, , held = ""]) => !/`(?:src|test|tools|bench)\//.test(held));
  expect(without.filter(([, , held = ""]) => !NOT_OURS.test(held))).toEqual([]);
  expect(without).toHaveLength(2);
});
