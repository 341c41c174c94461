import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { optionalLine } from "../flags/parameters.ts";
import { env } from "./command.ts";
import { type EnvFlags, envFlags } from "./flags.ts";

export const envRoute = buildCommand<EnvFlags, [string?], Context>({
  // Not loaded later: start.ts has it already.
  func: env,
  parameters: {
    flags: envFlags,
    positional: optionalLine,
  },
  docs: {
    brief: "Print the variables that point Docker clients to a line, for eval",
    fullDescription: [
      "Prints the variables that point every Docker client to a line, in the syntax of your shell.",
      "On failure, it prints commands that unset the variables and fail, so that no other engine stays selected.",
      "",
      '  bash, zsh, sh   eval "$(tetherdock env)"',
      "  fish            tetherdock env --shell fish | source",
      "  PowerShell      tetherdock env --shell powershell | Out-String | Invoke-Expression",
      "  cmd             FOR /f \"tokens=*\" %i IN ('tetherdock env --shell cmd') DO @%i",
    ].join("\n"),
  },
});
