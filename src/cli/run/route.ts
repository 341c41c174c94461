import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { type RunFlags, runFlags } from "./flags.ts";

export const runRoute = buildCommand<RunFlags, string[], Context>({
  loader: () => import("./command.ts").then(({ run }) => run),
  parameters: {
    flags: runFlags,
    positional: {
      kind: "array",
      minimum: 1,
      parameter: { placeholder: "command", brief: "The command and its arguments, after --", parse: String },
    },
  },
  docs: {
    brief: "Run one command against a line",
    fullDescription: [
      "Runs a command with the variables of a line set, and exits with its status",
      "(127: not found, 126: not executable, 128+n: ended by signal n).",
      "",
      "  tetherdock run -- docker ps",
      "  tetherdock run vps -- docker compose up -d",
    ].join("\n"),
    customUsage: ["[LINE] -- COMMAND [ARGUMENT...]", "--line LINE -- COMMAND [ARGUMENT...]"],
  },
});
