/** From what was typed to a line: the first thing nearly every use case does. */
import { chooseLine, type LineStore } from "../../line/index.ts";

/** What the choice depends on. */
export interface SelectionPorts {
  readonly lines: Pick<LineStore, "list" | "preferred">;
  /** Of this process; `$TETHERDOCK_LINE` selects a line. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The name of the line that is meant.
 * @param argument as typed; undefined: $TETHERDOCK_LINE, else the default line, else the only line
 * @throws LINE_UNKNOWN, LINE_NONE or LINE_AMBIGUOUS
 */
export async function pickLine(
  { lines, env }: SelectionPorts,
  argument: string | undefined,
): Promise<string> {
  const names = await lines.list();
  const variable = env["TETHERDOCK_LINE"];
  const preferred = argument || variable ? undefined : await lines.preferred();
  return chooseLine({ argument, variable, preferred, names });
}
