/** A line that a command goes on without, on stderr. */
import type { LeaveOut } from "../../app/lines/index.ts";
import { inOneLine, shellJoin } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { warn } from "../output/warn.ts";

/** Each line is told of once. */
export function tellLeftOut(context: Pick<Context, "stderr" | "terminal">): LeaveOut {
  const told = new Set<string>();
  return ({ name, error }) => {
    if (told.has(name)) return;
    told.add(name);
    warn(
      context,
      `the line ${name} is left out: ${inOneLine(error)} (${shellJoin(["tetherdock", "status", name])})`,
    );
  };
}
