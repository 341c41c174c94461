import { buildCommand } from "@stricli/core";
import type { StatusFlags } from "../commands/status.ts";
import type { Context } from "../context.ts";
import { jsonFlag, optionalLine } from "./parameters.ts";

export const statusRoute = buildCommand<StatusFlags, [string?], Context>({
  loader: () => import("../commands/status.ts").then(({ status }) => status),
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: "tuple",
      parameters: [{ ...optionalLine.parameters[0], brief: "The line; else every line" }],
    },
  },
  docs: {
    brief: "Ask every line's engine whether it answers",
    fullDescription:
      "Connects to the engine of every line at once and tells whether it answers, its version, and what is left of the certificates. Exit status 0: all is well; 1: something is not.",
  },
});
