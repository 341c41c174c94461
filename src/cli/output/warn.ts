/** Warnings on stderr, beside the result of a command. */
import type { Context } from "../context.ts";
import { createStyle } from "./style.ts";

/** @param text one line; undefined: there is nothing to tell */
export function warn({ stderr, terminal }: Pick<Context, "stderr" | "terminal">, text: string | undefined) {
  if (text !== undefined) stderr.line(`${createStyle(terminal.colour.stderr).yellow("warning:")} ${text}`);
}

/** The port of use cases that warn. */
export const warning = (context: Pick<Context, "stderr" | "terminal">) => ({
  warn: (text: string) => warn(context, text),
});
