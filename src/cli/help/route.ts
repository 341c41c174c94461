import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import type { Target } from "./command-page.ts";

/** @param root the command tree, which is made after its routes */
export function createHelpRoute(root: () => Target) {
  return buildCommand<Record<never, never>, string[], Context>({
    loader: async () => {
      const { helpCommand } = await import("./command.ts");
      return helpCommand(root());
    },
    parameters: {
      positional: {
        kind: "array",
        parameter: {
          placeholder: "what",
          brief: "A command, a topic, an error code or a finding (default: list them)",
          parse: String,
          proposeCompletions: async (partial) => {
            const { proposeTopics } = await import("./command.ts");
            return proposeTopics(root(), partial);
          },
        },
      },
    },
    docs: {
      brief: "Show a command, a topic, an error or a finding",
      fullDescription: [
        "Shows the page of a command, a topic, an error code or a finding of doctor. Needs no network: the pages are",
        "a part of tetherdock. Without an argument, lists the commands and topics; topics and codes list those.",
        "",
        "  tetherdock help up",
        "  tetherdock help security",
        "  tetherdock help HOST_NOT_PROVEN",
      ].join("\n"),
    },
  });
}
