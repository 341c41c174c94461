/** Regular expressions in filters: what clients send passes, and what costs the engine much does not. */
import { expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { findOperation } from "../engine/index.ts";
import { refusesFilters } from "./costly-filters.ts";
import { compileRole, defaultRole } from "./index.ts";

const refuses = (query: string, path = "/containers/json") => {
  const call = findOperation("GET", `/v1.44${path}?${query}`);
  return call && refusesFilters(call);
};
const query = (filters: unknown): string => `all=1&filters=${encodeURIComponent(JSON.stringify(filters))}`;

test.each([
  { name: ["web"] },
  { name: { "^/?web[_-]1$": true } },
  { name: Array.from({ length: 200 }, (_, at) => `^/web-${at}$`) },
  { name: ["my net", "größe:1", "a@b,c"] },
  { name: ["a.b|c*", String.raw`^web-\d+\.x$`], id: ["4f66ad9a0b2e"] },
  { name: Array.from({ length: 60 }, (_, at) => `project-${at}-web-1`) },
  { label: ["com.example={1000}", `a=${"x".repeat(9_000)}`], ancestor: ["registry.example:5000/a@sha256:0"] },
  { label: { [`a=${"{".repeat(200)}`]: true } },
  { publish: ["80", "8000-8080/tcp", "53/UDP"], expose: { "1-60000": true } },
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
  { name: Array.from({ length: 300 }, (_, at) => `${at}`) },
  { name: Array.from({ length: 100 }, () => "x".repeat(50)).map((text, at) => `${text}${at}`) },
])("%j is refused", (filters) => {
  expect(refuses(query(filters))).toMatch(/^a filter by name or id may have/);
});

test.each([
  { publish: ["1-65535/0", "1-65535/1"] },
  { publish: ["1-65535/zero"] },
  { publish: { "1-65535": true }, expose: ["1-65535/udp"] },
  { expose: ["65535-1", "1-65535"] },
  { expose: [" 1-65535"] },
  { publish: ["127.0.0.1:1-65535"] },
])("%j is refused: the engine keeps each port", (filters) => {
  expect(refuses(query(filters))).toMatch(/^a filter by port is/);
});

test.each([
  ["a key twice", '{"name":["a"],"name":["x{9}"]}'],
  ["half a surrogate pair", '{"name":["x{9}"],"label":["\\ud800"]}'],
  ["something after them", '{"name":["x{9}"]} {}'],
])("filters that Go may read otherwise are refused: %s", (_what, filters) => {
  expect(refuses(`filters=${encodeURIComponent(filters)}`)).toBe(
    "the filters are not JSON as the engine reads it",
  );
});

test.each(["a=1;b", "a=%zz", "a=%ff"])("a query that Go may read otherwise is refused: %s", (more) => {
  expect(refuses(`${more}&${query({ name: ["x{9}"] })}`)).toBe("the query is ambiguous");
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
] as const)("the role $name is refused them, admin is not", async (definition) => {
  const line = `GET /v1.44/containers/json?${query({ name: ["x{1000}"] })}`;
  const refused = { allow: false, rule: `${definition.name}-filters` };
  expect(await askRole(compileRole(definition)).verdictOn(line)).toMatchObject(refused);
  const admin = compileRole({ name: "admin", options: {} });
  expect(await askRole(admin).verdictOn(line)).toMatchObject({ allow: true });
});

const LISTS = [
  "containers/json",
  "images/json",
  "networks",
  "volumes",
  "events",
  "services",
  "tasks",
  "nodes",
];
const PRUNES = ["containers", "images", "networks", "volumes", "build"].map((kind) => `${kind}/prune`);
const FILTERED = [
  ...LISTS.map((path) => `GET /v1.44/${path}`),
  ...PRUNES.map((path) => `POST /v1.44/${path}`),
];

test.each(["viewer", "discovery", "builder", "deployer", "operator"] as const)(
  "no call of the role %s passes with filters or a query that Go may read otherwise, whoever judges it",
  async (name) => {
    const { verdictOn } = askRole(compileRole(defaultRole(name)));
    const twice = encodeURIComponent('{"name":["a"],"name":["x{9}"]}');
    for (const line of FILTERED)
      for (const odd of [`filters=${twice}`, `a=;&${query({ name: ["x{9}"] })}`])
        expect(await verdictOn(`${line}?${odd}`), `${line}?${odd}`).toMatchObject({ allow: false });
  },
);
