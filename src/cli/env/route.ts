import { buildCommand } from "@stricli/core";
import { SHELLS } from "../../line/index.ts";
import type { Context } from "../context.ts";
import { offSwitch, optionalLine } from "../flags/parameters.ts";
import { type EnvFlags, env } from "./command.ts";

export const envRoute = buildCommand<EnvFlags, [string?], Context>({
  // Not loaded later: start.ts has it already.
  func: env,
  parameters: {
    flags: {
      shell: {
        kind: "enum",
        values: SHELLS,
        optional: true,
        brief: "Shell to write for (default: from $SHELL)",
      },
      unset: offSwitch("Print commands that unset the variables"),
      ifAny: offSwitch("Print nothing and succeed if there is no line to select, for ~/.bashrc"),
    },
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
