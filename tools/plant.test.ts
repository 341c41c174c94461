/** Checks what a viewer sees against all fields of Docker's specifications, and against answers of a real engine. */
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answers } from "../src/policy/answers/index.ts";
import type { AnswerShapes } from "./answer-shapes.ts";
import { plantAll, SECRET, wholeAnswer } from "./plant.ts";

const golden = (name: string) => new URL(`../test/golden/policy/${name}`, import.meta.url);
const specified: AnswerShapes = JSON.parse(await readFile(golden("answer-shapes.json"), "utf8"));
const marks = new Map([...answers].map(([name, { mark }]) => [name, mark]));
const show = (operation: string, value: unknown): unknown => marks.get(operation)?.show(value);

/** Answers of Docker 20.10.24. Every text with SECRET was put where people put secrets. */
const real: Record<string, unknown> = JSON.parse(await readFile(golden("answers.json"), "utf8"));
const OPERATIONS: Readonly<Record<string, string>> = {
  container: "ContainerInspect",
  "container that failed": "ContainerInspect",
  image: "ImageInspect",
  volume: "VolumeInspect",
  network: "NetworkInspect",
  services: "ServiceList",
  tasks: "TaskList",
};

/** One line for each leaf that differs. */
function changes(path: string, before: unknown, after: unknown): string[] {
  if (typeof before !== "object" || before === null || typeof after !== "object" || after === null)
    return Object.is(before, after) ? [] : [`${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`];
  const right = new Map(Object.entries(after));
  return Object.entries(before).flatMap(([name, value]) =>
    right.has(name) ? changes(`${path}.${name}`, value, right.get(name)) : [`${path}.${name}: left out`],
  );
}

describe("fields of the specifications of API 1.25 to 1.56", () => {
  const { planted, unmarked } = plantAll(specified, marks);

  test("each has been examined", () => {
    // API 1.25 describes the ports of an inspect as a list, which they never were
    expect(unmarked).toEqual(["Port.IP", "Port.PrivatePort", "Port.PublicPort", "Port.Type"]);
  });

  test("each answer has a mark, and each mark an answer", () => {
    expect(Object.keys(specified.operations).toSorted()).toEqual([...marks.keys()].toSorted());
  });

  test("with a secret in each: which are shown", async () => {
    const lines = planted.map(({ place, seen }) => `${place}: ${seen}`);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(golden("planted.txt").pathname);
  });

  test("blanked and dropped fields reveal nothing", () => {
    const closed = planted.filter(({ mark }) => mark.verdict === "blanked" || mark.verdict === "dropped");
    expect(closed.length).toBeGreaterThan(20);
    expect(closed.filter(({ seen }) => seen === "all" || seen.includes(SECRET))).toEqual([]);
    expect(closed.filter(({ mark }) => mark.why === "")).toEqual([]);
  });
});

describe("fields that nobody has examined", () => {
  const word = fc.stringMatching(/^[A-Z][a-z]{3,9}X$/);
  const unknown = fc
    .dictionary(word, fc.jsonValue(), { minKeys: 1 })
    .map((inner) => ({ [`New${SECRET}`]: inner }));

  test.each(Object.entries(specified.operations))("%s: never shown, at any depth", (operation, type) => {
    fc.assert(
      fc.property(unknown, (more) => {
        const answer = wholeAnswer(type, specified.shapes, () => more);
        expect(JSON.stringify(answer)).toContain(SECRET);
        expect(JSON.stringify(show(operation, answer))).not.toContain(SECRET);
      }),
      { numRuns: 10 },
    );
  });

  test.each([...marks.keys()])("%s: nothing is shown of an answer in another form", (operation) => {
    const names = fc.dictionary(word, fc.jsonValue());
    fc.assert(
      fc.property(fc.oneof(names, fc.array(names)), (answer) => {
        expect(JSON.stringify(show(operation, answer)) ?? "").toMatch(/^(\[?(\{\},?)*\]?|)$/);
      }),
      { numRuns: 20 },
    );
  });
});

describe("answers of a real engine", () => {
  test("only the expected fields are blanked or left out", async () => {
    const lines = Object.entries(real).flatMap(([name, answer]) =>
      changes(name, answer, show(OPERATIONS[name] ?? "", answer)),
    );
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(golden("blanked.txt").pathname);
  });

  test("no secret is left, and the input does not change", () => {
    const before = JSON.stringify(real);
    const after = Object.entries(real).map(([name, answer]) => show(OPERATIONS[name] ?? "", answer));
    expect(JSON.stringify(after)).not.toContain("SECRET");
    expect(JSON.stringify(real)).toBe(before);
  });

  test("types stay: a list is still a list, and a text a text", () => {
    const kind = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "list" : typeof value);
    const same = (before: unknown, after: unknown): void => {
      if (after === undefined) return;
      expect(kind(after)).toBe(kind(before));
      if (typeof before === "object" && before !== null)
        for (const [name, value] of Object.entries(before))
          same(value, (after as Record<string, unknown>)[name]);
    };
    for (const [name, answer] of Object.entries(real)) same(answer, show(OPERATIONS[name] ?? "", answer));
  });
});
