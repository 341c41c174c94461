/** A line's certificate that expires soon, on stderr. */
import type { Context } from "../context.ts";
import { createStyle } from "../output/style.ts";

/** @param warning one line; undefined: there is nothing to tell */
export function tellExpiry(
  { stderr, terminal }: Pick<Context, "stderr" | "terminal">,
  warning: string | undefined,
): void {
  if (warning !== undefined)
    stderr.line(`${createStyle(terminal.colour.stderr).yellow("warning:")} ${warning}`);
}
