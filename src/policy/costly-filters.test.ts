/** Regular expressions in filters: what clients send passes, and what costs the engine much does not. */
import { expect, test } from "vitest";
import { findOperation } from "../engine/index.ts";
import { refusesFilters } from "./costly-filters.ts";
import { compileRole, decide } from "./index.ts";

const query = (filters: unknown): string => `all=1&filters=${encodeURIComponent(JSON.stringify(filters))}`;

test.each([
  { name: ["web"] },
  { name: { "^/?web[_-]1$": true } },
  { name: ["a.b|c*", String.raw`^web-\d+\.x$`], id: ["4f66ad9a0b2e"] },
  { name: Array.from({ length: 60 }, (_, at) => `project-${at}-web-1`) },
  { label: ["com.example={1000}", `a=${"x".repeat(9_000)}`], ancestor: ["registry.example:5000/a@sha256:0"] },
  { label: { [`a=${"{".repeat(200)}`]: true } },
])("%j passes", (filters) => {
  expect(refusesFilters(query(filters))).toBeNull();
});

test.each([
  { name: ["x{1000}"] },
  { name: { "x{1000}x{1000}": true } },
  { name: { "x{2}": false } },
  { id: [String.raw`\pL`] },
  { id: [String.raw`\x{41}`] },
  { name: ["[[:alpha:]]"] },
  { name: ["(?i:x)"] },
  { name: Array.from({ length: 100 }, () => "x".repeat(50)).map((text, at) => `${text}${at}`) },
])("%j is refused", (filters) => {
  expect(refusesFilters(query(filters))).toMatch(/^a filter by name or id may have/);
});

test("in each of several filters, and however the query is written", () => {
  const costly = encodeURIComponent('{"name":["x{9}"]}');
  expect(refusesFilters(`filters=%7B%7D&filters=${costly}`)).not.toBeNull();
  expect(refusesFilters(`%66ilters=${costly}`)).not.toBeNull();
  expect(refusesFilters(`filters=${encodeURIComponent('{"n\\u0061me":["x\\u007b9}"]}')}`)).not.toBeNull();
});

test.each([
  { name: "viewer", options: { logs: false } },
  { name: "deployer", options: {} },
  { name: "operator", options: {} },
] as const)("the role $name is refused them, admin is not", (definition) => {
  const call = findOperation("GET", `/v1.44/containers/json?${query({ name: ["x{1000}"] })}`);
  const refused = { allow: false, rule: `${definition.name}-filters` };
  expect(decide(compileRole(definition), call)).toMatchObject(refused);
  expect(decide(compileRole({ name: "admin", options: {} }), call)).toMatchObject({ allow: true });
});
