/** The options of `npm run mutation`: folders or files below src/, and how many mutants of each folder. */
import { parseArgs } from "node:util";

export const FOLDERS = ["http", "host", "policy", "gateway", "app"];

export interface MutationOptions {
  /** Globs of the files that are mutated. */
  readonly mutate: readonly string[];
  /** Mutants per folder; all of them when it is absent. */
  readonly sample?: number;
  readonly seed: string;
  readonly concurrency: number;
  /** The top folders whose tests run; all tests when it is absent. */
  readonly tests?: readonly string[];
}

export const USAGE = `usage: npm run mutation -- [--sample N] [--seed TEXT] [--concurrency N] [--own-tests] [FOLDER|FILE…]

  Mutates src/FOLDER (default: ${FOLDERS.join(", ")}) or a path below src/, and runs the unit tests on each mutant.
  --sample N       N mutants of each folder, chosen by the seed (default: all)
  --seed TEXT      (default: today's date)
  --concurrency N  test runners at a time (default: 1)
  --own-tests      only the tests of these folders, of docs and of escapes: much faster, and the score is a lower bound`;

function globOf(place: string): string {
  const path = place.startsWith("src/") ? place : `src/${place}`;
  return path.endsWith(".ts") ? path : `${path.replace(/\/+$/, "")}/**/*.ts`;
}

function topFolder(place: string): string {
  return place.replace(/^src\//, "").split("/")[0] ?? "";
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--${name} must be a number above 0, not ${text}`);
  return Number(text);
}

/** @throws Error when an option is unknown or no number */
export function parseOptions(args: readonly string[], today: string): MutationOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      sample: { type: "string" },
      seed: { type: "string", default: today },
      concurrency: { type: "string", default: "1" },
      "own-tests": { type: "boolean" },
    },
  });
  const places = positionals.length > 0 ? positionals : FOLDERS;
  return {
    mutate: [...places.map(globOf), "!src/**/*.test.ts"],
    ...(values.sample !== undefined && { sample: count("sample", values.sample) }),
    seed: values.seed,
    concurrency: count("concurrency", values.concurrency),
    ...(values["own-tests"] && { tests: [...new Set(places.map(topFolder))] }),
  };
}
