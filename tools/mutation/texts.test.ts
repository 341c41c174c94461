import { expect, test } from "vitest";
import { isText, type Node } from "./texts.ts";

type Level = readonly [type: string, key: string | number, node?: Node["node"]];

/** A Babel path: the first is the literal, with its key in the next one. */
function path([[type, key, node = {}], ...above]: [Level, ...Level[]]): Node {
  const [next, ...rest] = above;
  const listKey = typeof key === "number" ? { listKey: "arguments" } : {};
  return { type, key, node, ...listKey, parentPath: next ? path([next, ...rest]) : null };
}

const property = (name: string): Level => ["ObjectProperty", 0, { key: { name } }];
const thrown = (name: string): Level => ["NewExpression", "argument", { callee: { name } }];

test("messages, whys and hints are texts, chosen ones and listed ones too", () => {
  expect(isText(path([["TemplateLiteral", 1], thrown("TetherdockError")]))).toBe(true);
  expect(isText(path([["StringLiteral", 0], thrown("Error")]))).toBe(true);
  const choice: Level = ["ConditionalExpression", 0];
  const list: Level = ["ArrayExpression", "value"];
  expect(isText(path([["StringLiteral", "consequent"], choice, list, property("hints")]))).toBe(true);
});

test("codes, other fields, compared values, arguments of calls and what is no literal are mutated", () => {
  expect(isText(path([["StringLiteral", 0], thrown("TetherdockError")]))).toBe(false);
  expect(isText(path([["StringLiteral", "value"], property("path")]))).toBe(false);
  expect(isText(path([["StringLiteral", "key"], property("why")]))).toBe(false);
  const compared: Level = ["BinaryExpression", "value"];
  expect(isText(path([["StringLiteral", "right"], compared, property("why")]))).toBe(false);
  expect(isText(path([["StringLiteral", 0], ["CallExpression", "value"], property("why")]))).toBe(false);
  expect(isText(path([["ArrayExpression", "value"], property("why")]))).toBe(false);
});
