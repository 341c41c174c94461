/** Runs a command and keeps what it says. */
import { Excerpt, type ExcerptText } from "../../explain/index.ts";
import { runChild } from "../../system/ssh/run-child.ts";
import type { Context } from "../context.ts";

/**
 * Runs a command with its streams passed through.
 * @param json whether our stdout has to hold JSON and nothing else: the command's goes to stderr then
 * @returns what it wrote to stdout and stderr, in the order it came, and its exit status
 * @throws COMMAND_NOT_FOUND or COMMAND_NOT_EXECUTABLE
 */
export async function listenTo(
  { env, cwd, terminal }: Context,
  command: readonly string[],
  json: boolean,
): Promise<ExcerptText & { readonly status: number }> {
  const excerpt = new Excerpt();
  const { stdin, stdout, stderr } = terminal;
  const status = await runChild(command, {
    env,
    cwd,
    onTerminal: stdin || stdout || stderr,
    listen: { onOutput: (chunk) => excerpt.add(chunk), stdoutTo: json ? "stderr" : "stdout" },
  });
  return { ...excerpt.read(), status };
}
