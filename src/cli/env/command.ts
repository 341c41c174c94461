/** `tetherdock env`: stdout holds what the shell evaluates and nothing else. */
import { lineEnvironment, pickLine } from "../../app/lines/index.ts";
import { TetherdockError } from "../../base/index.ts";
import {
  DOCKER_VARIABLES,
  evalCommand,
  formatForShell,
  guessShell,
  othersThan,
  type Shell,
} from "../../line/index.ts";
import type { Context } from "../context.ts";
import { warn } from "../output/warn.ts";
import type { EnvFlags } from "./flags.ts";

/** Prints the assignments, or with `--unset` their removal. */
export async function env(this: Context, flags: EnvFlags, argument?: string): Promise<void> {
  const shell = flags.shell ?? guessShell(this.env["SHELL"], this.platform);
  const change = flags.unset
    ? { set: {}, unset: DOCKER_VARIABLES }
    : await changeIfAny(this, flags, argument);
  if (!change) return;
  this.stdout.data(formatForShell(shell, change));
  // On a terminal nobody evaluated it.
  if (this.terminal.stdout)
    this.stderr.lines(["", `to let it take effect: ${typed(shell, flags, argument)}`]);
}

const NO_LINE_SELECTED = new Set(["LINE_NONE", "LINE_AMBIGUOUS"]);

async function changeIfAny(context: Context, { agent, ifAny }: EnvFlags, argument: string | undefined) {
  try {
    return await changeFor(context, argument, agent);
  } catch (error) {
    if (ifAny && error instanceof TetherdockError && NO_LINE_SELECTED.has(error.code)) return undefined;
    throw error;
  }
}

async function changeFor(context: Context, argument: string | undefined, byAgent: boolean) {
  const name = await pickLine(context, argument);
  const { variables, warning } = await lineEnvironment(context, name, context.clock(), byAgent);
  warn(context, warning);
  return {
    set: variables,
    unset: othersThan(variables).filter((variable) => context.env[variable] !== undefined),
  };
}

function typed(shell: Shell, flags: EnvFlags, argument: string | undefined): string {
  const words = [
    "tetherdock env",
    argument,
    flags.shell && `--shell ${shell}`,
    flags.agent && "--agent",
    flags.unset && "--unset",
  ];
  return evalCommand(shell, words.filter(Boolean).join(" "));
}
