/**
 * Our plugins for StrykerJS: the sample, as a checker of mutants; texts that are not mutated; survivors as they are
 * found.
 */
import { type Checker, type CheckResult, CheckStatus } from "@stryker-mutator/api/check";
import type { Mutant, MutantResult, StrykerOptions } from "@stryker-mutator/api/core";
import {
  commonTokens,
  declareClassPlugin,
  declareValuePlugin,
  PluginKind,
  tokens,
} from "@stryker-mutator/api/plugin";
import type { Reporter } from "@stryker-mutator/api/report";
import { chooseSample } from "./sample.ts";
import { survivors } from "./score.ts";
import { isText, type Node } from "./texts.ts";

class SampleChecker implements Checker {
  static readonly inject = tokens(commonTokens.options);
  readonly #sample: { readonly size: number; readonly seed: string };

  constructor(options: StrykerOptions) {
    this.#sample = options["sample"] as { size: number; seed: string };
  }

  async init(): Promise<void> {}

  /** One group, so that check() sees all of them. */
  async group(mutants: Mutant[]): Promise<string[][]> {
    return [mutants.map(({ id }) => id)];
  }

  async check(mutants: Mutant[]): Promise<Record<string, CheckResult>> {
    const chosen = chooseSample(mutants, this.#sample.size, this.#sample.seed);
    const result = (id: string): CheckResult =>
      chosen.has(id)
        ? { status: CheckStatus.Passed }
        : { status: CheckStatus.CompileError, reason: "not in the sample" };
    return Object.fromEntries(mutants.map(({ id }) => [id, result(id)]));
  }
}

/** Printed at once, so that an interrupted run shows what it found. */
class SurvivorReporter implements Reporter {
  onMutantTested(result: Readonly<MutantResult>): void {
    for (const line of survivors([result])) console.log(line);
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Reporter, "survivors", SurvivorReporter),
  declareClassPlugin(PluginKind.Checker, "sample", SampleChecker),
  declareValuePlugin(PluginKind.Ignore, "texts", {
    shouldIgnore: (path) => (isText(path as Node) ? "a text for people" : undefined),
  }),
];

/** Stryker warns about options that no plugin declares. */
export const strykerValidationSchema = { properties: { sample: { type: "object" } } };
