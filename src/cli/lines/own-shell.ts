/** The user's shell, for commands that are shown to be typed. */
import { type Environment, guessShell, type Shell } from "../../line/index.ts";

export function ownShell({ env, platform }: Pick<Environment, "env" | "platform">): Shell {
  try {
    return guessShell(env["SHELL"], platform);
  } catch {
    return "sh"; // `env` itself will say which shells there are
  }
}
