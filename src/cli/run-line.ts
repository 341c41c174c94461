/** Command lines that the argument parser cannot read by itself. */
import { isLineName } from "../line/index.ts";

/**
 * @param args the whole command line
 * @returns `run --line LINE -- …` for `run LINE -- …`, which it cannot tell from a command of two words; `--version` for
 * `-v`, as docker has it, beside its one alias `-V`; anything else as it came
 */
export function readRunLine(args: readonly string[]): readonly string[] {
  const [command, line, separator, ...rest] = args;
  if (command === "-v" && args.length === 1) return ["--version"];
  if (command !== "run" || line === undefined || separator !== "--" || !isLineName(line)) return args;
  return ["run", "--line", line, "--", ...rest];
}
