/** The model of a deployer's bodies, held against Docker's specifications, and the page that is made from it. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Mark } from "../../src/policy/body/mark.ts";
import { bodies } from "../../src/policy/body/model/index.ts";
import { type AnswerShapes, splitUnion } from "../../tools/answer-shapes.ts";
import { deployerReference } from "../../tools/deployer-reference.ts";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");
const { operations, shapes }: AnswerShapes = JSON.parse(await read("test/golden/policy/body-shapes.json"));

/** Reads by Go that no specification mentions, or that none of those here has any more. */
const BEYOND = [
  "HostConfig.Capabilities",
  "HostConfig.Cgroup",
  "Mount.ClusterOptions",
  "ContainerExec.Detach",
];

/** Names of the shapes in a type: `[Mount]`, `{EndpointSettings}`, `[HostConfig.Ulimits[]]`. */
const shapesIn = (type: string): string[] =>
  splitUnion(type).flatMap((one) => {
    if (/^[[{]/.test(one)) return shapesIn(one.slice(1, -1));
    return one in shapes ? [one] : [];
  });

function differences(name: string, marks: Readonly<Record<string, Mark>>): string[] {
  const shape = shapes[name] ?? {};
  const missing = Object.keys(shape).filter((field) => !Object.hasOwn(marks, field));
  const strange = Object.keys(marks).filter((field) => !Object.hasOwn(shape, field));
  const below = Object.entries(shape).flatMap(([field, type]) => {
    const inner = marks[field]?.fields;
    return inner ? shapesIn(type).flatMap((one) => differences(one, inner)) : [];
  });
  return [
    ...missing.map((field) => `${name}.${field} has no mark`),
    ...strange.map((field) => `${name}.${field}`).filter((place) => !BEYOND.includes(place)),
    ...below,
  ];
}

test.each(Object.entries(bodies))("%s: every field of the specifications has a mark", (name, { fields }) => {
  expect(differences(operations[name] ?? "", fields ?? {})).toEqual([]);
});

/** @returns the fields whose own fields are compared with no shape */
function uncompared(name: string, marks: Readonly<Record<string, Mark>>): string[] {
  return Object.entries(marks).flatMap(([field, { fields }]) => {
    if (fields === null) return [];
    const inner = shapesIn(shapes[name]?.[field] ?? "");
    return inner.length === 0 ? [`${name}.${field}`] : inner.flatMap((one) => uncompared(one, fields));
  });
}

test("the fields of inner objects are compared too", () => {
  const found = Object.entries(bodies).flatMap(([name, { fields }]) =>
    uncompared(operations[name] ?? "", fields ?? {}),
  );
  expect(found).toEqual([]);
});

test("every field has a reason, and whatever is limited or forbidden a check", () => {
  const poor = (marks: Readonly<Record<string, Mark>>): string[] =>
    Object.entries(marks).flatMap(([name, { verdict, check, why, fields }]) => {
      if (fields !== null) return poor(fields);
      return why.length > 10 && (verdict === "harmless" || check !== "") ? [] : [name];
    });
  expect(Object.values(bodies).flatMap(({ fields }) => poor(fields ?? {}))).toEqual([]);
});

test("docs/reference/deployer.md shows the program's lists (else: npm run docs)", async () => {
  expect(await read("docs/reference/deployer.md")).toBe(deployerReference());
});
