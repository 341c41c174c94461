/** `tetherdock run LINE -- COMMAND`, which the argument parser cannot tell from a command of two words. */
import { isLineName } from "../line/index.ts";

/**
 * @param args the whole command line
 * @returns `run --line LINE -- …` for `run LINE -- …`; anything else as it came
 */
export function readRunLine(args: readonly string[]): readonly string[] {
  const [command, line, separator, ...rest] = args;
  if (command !== "run" || line === undefined || separator !== "--" || !isLineName(line)) return args;
  return ["run", "--line", line, "--", ...rest];
}
