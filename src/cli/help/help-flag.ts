/** `--help`, for stricli: every command and group has it. */
import type { StricliIntegration } from "@stricli/core";
import type { Context } from "../context.ts";
import type { Target } from "./command-page.ts";

/** Shows the help of a command. @param prefix the words that lead to it, the program's name first */
export async function showCommand(
  { stdout, terminal }: Pick<Context, "stdout" | "terminal">,
  target: Target,
  prefix: readonly string[],
): Promise<void> {
  const { commandPage } = await import("./command-page.ts");
  const { lookOf, renderPage } = await import("./render-page.ts");
  stdout.lines(renderPage(commandPage(target, prefix), lookOf(terminal)));
}

/** @param context where help goes */
export function helpFlag(context: Pick<Context, "stdout" | "terminal">): StricliIntegration<Context> {
  return {
    flag: {
      brief: "Show this help",
      aliases: ["h"],
      global: true,
      defaultForRouteMap: true,
      run: (_, { result: { target, prefix } }) => showCommand(context, target, prefix),
    },
  };
}
