/** Turns an argument into a line, as nearly every use case does first. */
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

/** Makes a line the one that is meant when none is named; undefined: none is. @throws LINE_UNKNOWN */
export async function chooseDefault(
  lines: Pick<LineStore, "list" | "prefer">,
  argument: string | undefined,
): Promise<void> {
  if (argument === undefined) return lines.prefer(undefined);
  const names = await lines.list();
  await lines.prefer(chooseLine({ argument, variable: undefined, preferred: undefined, names }));
}
