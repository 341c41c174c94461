/** `tetherdock run -- CMD`: a command with a line's variables set. */
import { lineEnvironment, pickLine } from "../../app/lines/index.ts";
import { PYTHON_CA_VARIABLES } from "../../line/index.ts";
import { runChild } from "../../system/ssh/run-child.ts";
import type { Context } from "../context.ts";
import { clientEnvironment } from "../lines/client-environment.ts";
import { warn } from "../output/warn.ts";
import { renewInPassing } from "../renewing/in-passing.ts";
import type { RunFlags } from "./flags.ts";

/** Runs the command and takes over its exit status. */
export async function run(this: Context, flags: RunFlags, ...command: string[]): Promise<void> {
  const name = await pickLine(this, flags.line);
  await renewInPassing(this, name);
  const { variables, warning } = await lineEnvironment(this, name, this.clock(), flags.agent);
  warn(this, warning);
  const env = clientEnvironment(this.env, variables);
  const { stdin, stdout, stderr } = this.terminal;
  const status = await runChild(command, { env, cwd: this.cwd, onTerminal: stdin || stdout || stderr });
  if (status !== 0) warnOfPythonCa(this);
  this.setExitStatus(status);
}

/**
 * Not unset: the command may need them for other servers. Not told while all is well: most commands do not read them.
 */
function warnOfPythonCa(context: Context): void {
  const { env, stderr } = context;
  const set = PYTHON_CA_VARIABLES.filter((name) => env[name]);
  if (set.length === 0) return;
  warn(
    context,
    `${set.join(" and ")} set: Python clients (docker-py, docker-compose 1) then ignore the line's CA`,
  );
  stderr.line(`  if that is why it failed: unset ${set.join(" ")}   # then run it again`);
}
