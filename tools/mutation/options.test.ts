import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

const TODAY = "2026-11-26";

test("without arguments every mutant of the five folders is run, one at a time", () => {
  expect(parseOptions([], TODAY)).toEqual({
    mutate: ["http", "host", "policy", "gateway", "app"]
      .map((folder) => `src/${folder}/**/*.ts`)
      .concat("!src/**/*.test.ts"),
    seed: TODAY,
    concurrency: 1,
  });
});

test("folders, folders below them and files are mutated alone", () => {
  expect(parseOptions(["http", "src/app/up/", "host/tried.ts"], TODAY).mutate).toEqual([
    "src/http/**/*.ts",
    "src/app/up/**/*.ts",
    "src/host/tried.ts",
    "!src/**/*.test.ts",
  ]);
});

test("--own-tests runs the tests of the top folders that are mutated", () => {
  expect(parseOptions(["--own-tests", "src/app/up", "app/down", "policy"], TODAY).tests).toEqual([
    "app",
    "policy",
  ]);
  expect(parseOptions(["app"], TODAY).tests).toBeUndefined();
});

test.each([["--sample=0"], ["--sample=ten"], ["--concurrency=-1"], ["--other"]])("%s is refused", (arg) => {
  expect(() => parseOptions([arg], TODAY)).toThrow();
});
