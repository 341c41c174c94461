import { expect, test } from "vitest";
import { type Outcome, scores, survivors, table } from "./score.ts";

const outcome = (fileName: string, status: string, line = 1): Outcome => ({
  ...{ fileName, status, mutatorName: "BooleanLiteral", replacement: "false" },
  location: { start: { line, column: 4 } },
});

test("a timeout counts as killed, a mutant in no test as alive; texts and what is outside the sample do not count", () => {
  const outcomes = ["Killed", "Timeout", "Survived", "NoCoverage", "Ignored", "CompileError"].map((status) =>
    outcome("/sandbox/src/http/body.ts", status),
  );
  expect(scores([...outcomes, outcome("src/app/up/up.ts", "Ignored")])).toEqual([
    {
      folder: "app",
      ran: 0,
      killed: 0,
      survived: 0,
      uncovered: 0,
      texts: 1,
      outsideSample: 0,
      percent: null,
    },
    { folder: "http", ran: 4, killed: 2, survived: 1, uncovered: 1, texts: 1, outsideSample: 1, percent: 50 },
  ]);
});

test("a survivor is named by file, line and what it changes", () => {
  const outcomes = [
    outcome("/x/src/http/b.ts", "NoCoverage", 7),
    outcome("/x/src/http/b.ts", "Killed"),
    outcome("/x/src/app/a.ts", "Survived", 3),
  ];
  expect(survivors(outcomes)).toEqual([
    "src/app/a.ts:3:4 Survived BooleanLiteral: false",
    "src/http/b.ts:7:4 NoCoverage BooleanLiteral: false",
  ]);
});

test("the table has a row for each folder, and no score where nothing ran", () => {
  const text = table(scores([outcome("src/http/b.ts", "Killed"), outcome("src/app/a.ts", "Ignored")]));
  expect(text.split("\n").slice(2)).toEqual([
    "| app | - | 0 | 0 | 0 | 0 | 1 | 0 |",
    "| http | 100 % | 1 | 1 | 0 | 0 | 0 | 0 |",
  ]);
});
