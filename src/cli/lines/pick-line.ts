/** From what was typed to a line: the first thing nearly every command does. */
import { chooseLine } from "../../line/index.ts";
import type { Context } from "../context.ts";

/**
 * The name of the line a command means.
 * @param argument as typed; undefined: $TETHERDOCK_LINE, else the default line, else the only line
 * @throws LINE_UNKNOWN, LINE_NONE or LINE_AMBIGUOUS
 */
export async function pickLine(context: Context, argument: string | undefined): Promise<string> {
  const names = await context.lines.list();
  const variable = context.env["TETHERDOCK_LINE"];
  const preferred = argument || variable ? undefined : await context.lines.preferred();
  return chooseLine({ argument, variable, preferred, names });
}
