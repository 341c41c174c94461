/** The user's shell, for commands that are shown to be typed. */
import { guessShell, type Shell, type Surroundings } from "../../line/index.ts";

export function ownShell({ env, platform }: Pick<Surroundings, "env" | "platform">): Shell {
  try {
    return guessShell(env["SHELL"], platform);
  } catch {
    return "sh"; // `env` itself will say which shells there are
  }
}
