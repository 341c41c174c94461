/** Regular expressions in filters: what clients send passes, and what costs the engine much does not. */
import { expect, test } from "vitest";
import { findOperation } from "../engine/index.ts";
import { refusesFilters } from "./costly-filters.ts";
import { compileRole, decide } from "./index.ts";

const refuses = (query: string, path = "/containers/json") => {
  const call = findOperation("GET", `/v1.44${path}?${query}`);
  return call && refusesFilters(call);
};
const query = (filters: unknown): string => `all=1&filters=${encodeURIComponent(JSON.stringify(filters))}`;

test.each([
  { name: ["web"] },
  { name: { "^/?web[_-]1$": true } },
  { name: Array.from({ length: 200 }, (_, at) => `^/web-${at}$`) },
  { name: ["a.b|c*", String.raw`^web-\d+\.x$`], id: ["4f66ad9a0b2e"] },
  { name: Array.from({ length: 60 }, (_, at) => `project-${at}-web-1`) },
  { label: ["com.example={1000}", `a=${"x".repeat(9_000)}`], ancestor: ["registry.example:5000/a@sha256:0"] },
  { label: { [`a=${"{".repeat(200)}`]: true } },
])("%j passes", (filters) => {
  expect(refuses(query(filters))).toBeNull();
});

test.each([
  { name: ["x{1000}"] },
  { name: { "x{1000}x{1000}": true } },
  { name: { "x{2}": false } },
  { id: [String.raw`\pL`] },
  { id: [String.raw`\x{41}`] },
  { name: ["[[:alpha:]]"] },
  { name: ["(?i:x)"] },
  { name: ["(?i)[^a][^b]"] },
  { name: ["a?".repeat(200)] },
  { name: Array.from({ length: 40 }, (_, at) => `web-${at}.*`) },
  { name: Array.from({ length: 100 }, () => "x".repeat(50)).map((text, at) => `${text}${at}`) },
])("%j is refused", (filters) => {
  expect(refuses(query(filters))).toMatch(/^a filter by name or id may have/);
});

test("events have shorter filters than lists, which go through them once", () => {
  const many = (count: number) => query({ container: Array.from({ length: count }, (_, at) => `web-${at}`) });
  expect(refuses(many(1_000))).toBeNull();
  expect(refuses(many(100), "/events")).toBeNull();
  expect(refuses(many(1_000), "/events")).toMatch(/^the filters of events/);
});

test("in each of several filters, and however the query is written", () => {
  const costly = encodeURIComponent('{"name":["x{9}"]}');
  expect(refuses(`filters=%7B%7D&filters=${costly}`)).not.toBeNull();
  expect(refuses(`%66ilters=${costly}`)).not.toBeNull();
  expect(refuses(`filters=${encodeURIComponent('{"n\\u0061me":["x\\u007b9}"]}')}`)).not.toBeNull();
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
