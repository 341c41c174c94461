/** `tetherdock run -- CMD`: a command with a line's variables set. */
import { dockerEnvironment, RIVAL_VARIABLES } from "../../line/index.ts";
import { runChild } from "../../system/run-child.ts";
import type { Context } from "../context.ts";
import { pickLine } from "../pick-line.ts";

/** Options of `run`. */
export interface RunFlags {
  readonly line: string | undefined;
}

/** Runs the command and takes over its exit status. */
export async function run(this: Context, flags: RunFlags, ...command: string[]): Promise<void> {
  const name = await pickLine(this, flags.line);
  const line = await this.lines.read(name);
  const env: Record<string, string | undefined> = {
    ...this.env,
    ...dockerEnvironment(line, this.lines.certPath(name)),
  };
  for (const rival of RIVAL_VARIABLES) delete env[rival];
  const { stdin, stdout, stderr } = this.terminal;
  this.setExitStatus(await runChild(command, { env, cwd: this.cwd, onTerminal: stdin || stdout || stderr }));
}
