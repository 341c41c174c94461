/** A line that a command goes on without, on stderr. */
import type { LeaveOut } from "../../app/lines/index.ts";
import { shellJoin } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { warn } from "../output/warn.ts";

/** Each line is told of once. */
export function tellLeftOut(context: Pick<Context, "stderr" | "terminal">): LeaveOut {
  const told = new Set<string>();
  return ({ name, error }) => {
    if (told.has(name)) return;
    told.add(name);
    const why = [error.message, ...error.why].join(": ");
    warn(context, `the line ${name} is left out: ${why} (${shellJoin(["tetherdock", "status", name])})`);
  };
}
