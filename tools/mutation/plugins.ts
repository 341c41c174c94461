/** What StrykerJS loads from us: the sample, as a checker of mutants, and the texts that are not mutated. */
import { type Checker, type CheckResult, CheckStatus } from "@stryker-mutator/api/check";
import type { Mutant, StrykerOptions } from "@stryker-mutator/api/core";
import {
  commonTokens,
  declareClassPlugin,
  declareValuePlugin,
  PluginKind,
  tokens,
} from "@stryker-mutator/api/plugin";
import { chooseSample } from "./sample.ts";
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

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Checker, "sample", SampleChecker),
  declareValuePlugin(PluginKind.Ignore, "texts", {
    shouldIgnore: (path) => (isText(path as Node) ? "a text for people" : undefined),
  }),
];

/** Stryker warns of options that no plugin knows. */
export const strykerValidationSchema = { properties: { sample: { type: "object" } } };
