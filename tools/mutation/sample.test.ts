import { expect, test } from "vitest";
import { type Candidate, chooseSample } from "./sample.ts";

const mutants = (folder: string, count: number): Candidate[] =>
  Array.from({ length: count }, (_, line) => ({
    ...{ id: `${folder}${line}`, fileName: `/sandbox/src/${folder}/a.ts`, mutatorName: "BooleanLiteral" },
    location: { start: { line, column: 1 } },
  }));

test("the sample holds as many mutants of each folder, or all when there are fewer", () => {
  const chosen = [...chooseSample([...mutants("app", 40), ...mutants("http", 3)], 10, "seed")];
  expect(chosen.filter((id) => id.startsWith("app"))).toHaveLength(10);
  expect(chosen.filter((id) => id.startsWith("http"))).toHaveLength(3);
});

test("the same seed chooses the same mutants in any sandbox and order, another seed others", () => {
  const before = mutants("app", 40);
  const moved = before
    .map((mutant) => ({ ...mutant, fileName: mutant.fileName.replace("/sandbox", "/other") }))
    .toReversed();
  expect(chooseSample(moved, 10, "one")).toEqual(chooseSample(before, 10, "one"));
  expect(chooseSample(before, 10, "two")).not.toEqual(chooseSample(before, 10, "one"));
});
