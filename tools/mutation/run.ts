/** Mutates the sources, runs the unit tests on each mutant, and prints the survivors and a score for each folder. */
import { Stryker } from "@stryker-mutator/core";
import { parseOptions, USAGE } from "./options.ts";
import { scores, table } from "./score.ts";

const today = new Date().toISOString().slice(0, 10);
const started = Date.now();
// Vitest: a snapshot that is missing fails, instead of being written.
process.env["CI"] = "true";

async function run(args: readonly string[]): Promise<void> {
  const { mutate, sample, seed, concurrency, tests } = parseOptions(args, today);
  // Read by vitest.config.ts, in the processes that Stryker starts.
  if (tests) process.env["MUTATION_TESTS"] = tests.join(" ");
  console.log(sample === undefined ? "every mutant" : `${sample} mutants of each folder, --seed ${seed}`);
  const results = await new Stryker({
    mutate: [...mutate],
    testRunner: "vitest",
    vitest: { configFile: "tools/mutation/vitest.config.ts" },
    plugins: ["@stryker-mutator/vitest-runner", new URL("plugins.ts", import.meta.url).pathname],
    ignorers: ["texts"],
    ...(sample !== undefined && { checkers: ["sample"], sample: { size: sample, seed } }),
    coverageAnalysis: "perTest",
    concurrency,
    // A mutant that only waits on a busy machine does not count as killed.
    timeoutMS: 20_000,
    // Stryker rewrites paths in a tsconfig.json with a function that TypeScript 7 no longer has; ours holds none.
    tsconfigFile: "none.json",
    tempDirName: ".cache/mutation",
    ignorePatterns: ["dist", ".cache", "bench"],
    reporters: ["html", "progress-append-only", "survivors"],
    htmlReporter: { fileName: ".cache/mutation.html" },
    allowConsoleColors: false,
  }).runMutationTest();
  console.log(`\n${table(scores(results))}`);
  console.log(`\n${Math.round((Date.now() - started) / 1000)} s; every mutant in .cache/mutation.html`);
}

const args = process.argv.slice(2);
if (args.includes("--help")) console.log(USAGE);
else await run(args);
