import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { optionalLine } from "../flags/parameters.ts";
import { type StatusFlags, statusFlags } from "./flags.ts";

export const statusRoute = buildCommand<StatusFlags, [string?], Context>({
  loader: () => import("./command.ts").then(({ status }) => status),
  parameters: {
    flags: statusFlags,
    positional: {
      kind: "tuple",
      parameters: [{ ...optionalLine.parameters[0], brief: "The line (default: all lines)" }],
    },
  },
  docs: {
    brief: "Check whether the engines of all lines answer",
    fullDescription:
      "Connects to the engines of all lines at once and shows whether each answers, its version, and the days left on the certificates. Exit status 0: no problems; 1: problems.",
  },
});
