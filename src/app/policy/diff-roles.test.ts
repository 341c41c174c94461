/** What a change of a role opens and closes. */
import { expect, test } from "vitest";
import { type Operation, operations } from "../../engine/index.ts";
import { compileRole, type Decision, defaultRole } from "../../policy/index.ts";
import { diffRoles } from "./diff-roles.ts";

const decision = { refused: { allow: false }, checked: { allow: null }, allowed: { allow: true } } as const;
type Word = keyof typeof decision;

/** @param words of the first operations; none: nothing is decided */
function roleOf(words: readonly (Word | null)[], limits = {}, binds: readonly object[] = []) {
  const decisions = new Map(
    words.flatMap((word, at): [Operation, Decision][] => {
      const operation = operations[at] ?? expect.fail("too many");
      return word === null ? [] : [[operation, decision[word] as unknown as Decision]];
    }),
  );
  return { role: { ...compileRole(defaultRole("viewer")), decisions }, limits, binds };
}

const name = (at: number) => operations[at]?.name;

test("every change of level is one or the other, and what stays is neither", () => {
  const before = roleOf(["refused", "refused", "checked", "checked", "allowed", "allowed", "allowed", null]);
  const after = roleOf([
    "checked",
    "allowed",
    "allowed",
    "refused",
    "refused",
    "checked",
    "allowed",
    "refused",
  ]);
  expect(diffRoles(before, after)).toEqual({
    opens: [
      { operation: name(0), before: "refused", after: "checked" },
      { operation: name(1), before: "refused", after: "allowed" },
      { operation: name(2), before: "checked", after: "allowed" },
    ],
    closes: [
      { operation: name(3), before: "checked", after: "refused" },
      { operation: name(4), before: "allowed", after: "refused" },
      { operation: name(5), before: "allowed", after: "checked" },
    ],
    limits: [],
    binds: null,
  });
});

test("limits that are new, gone or changed, by name; a limit that is null is none", () => {
  const before = roleOf([], { ports: { from: 1 }, images: { allow: ["a"] }, users: null, labels: { a: 1 } });
  const after = roleOf([], { labels: { a: 1 }, images: { allow: ["b"] }, capabilities: [] });
  expect(diffRoles(before, after).limits).toEqual([
    { limit: "capabilities", before: null, after: [] },
    { limit: "images", before: { allow: ["a"] }, after: { allow: ["b"] } },
    { limit: "ports", before: { from: 1 }, after: null },
  ]);
});

test("binds that changed, as a whole", () => {
  const [none, shop] = [roleOf([]), roleOf([], {}, [{ path: "/srv/shop" }])];
  expect(diffRoles(none, shop).binds).toEqual({ before: [], after: [{ path: "/srv/shop" }] });
  expect(diffRoles(shop, shop).binds).toBe(null);
});
