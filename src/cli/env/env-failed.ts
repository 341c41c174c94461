/** What `tetherdock env` leaves in the calling shell when it fails. */
import {
  DOCKER_VARIABLES,
  guessShell,
  RIVAL_VARIABLES,
  SHELLS,
  type Shell,
  selectNothing,
} from "../../line/index.ts";

/** The shell that evaluates the output, as far as a command line that may be wrong tells. */
function shellOf(args: readonly string[], path: string | undefined, platform: string): Shell {
  const given = SHELLS.find(
    (shell) =>
      args.includes(`--shell=${shell}`) ||
      args.some((word, at) => word === "--shell" && args[at + 1] === shell),
  );
  if (given) return given;
  try {
    return guessShell(path, platform);
  } catch {
    return "sh"; // csh and the like stop at `false`, too
  }
}

/**
 * Statements that deselect every engine and then fail.
 * @param args the whole command line
 * @param path `$SHELL`
 * @returns empty for any other command than `env`
 */
export function whenEnvFails(args: readonly string[], path: string | undefined, platform: string): string {
  if (args[0] !== "env") return "";
  return selectNothing(shellOf(args, path, platform), [...DOCKER_VARIABLES, ...RIVAL_VARIABLES]);
}
