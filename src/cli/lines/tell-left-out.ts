/** A line that a command goes on without, on stderr. */
import type { LeaveOut } from "../../app/lines/index.ts";
import { shellJoin } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { createStyle } from "../output/style.ts";

/** Each line is told of once. */
export function tellLeftOut({ stderr, terminal }: Pick<Context, "stderr" | "terminal">): LeaveOut {
  const told = new Set<string>();
  const warning = createStyle(terminal.colour.stderr).yellow("warning:");
  return ({ name, error }) => {
    if (told.has(name)) return;
    told.add(name);
    const why = [error.message, ...error.why].join(": ");
    stderr.line(
      `${warning} the line ${name} is left out: ${why} (${shellJoin(["tetherdock", "status", name])})`,
    );
  };
}
