import { buildCommand } from "@stricli/core";
import { SHELLS } from "../../line/index.ts";
import { type EnvFlags, env } from "../commands/env.ts";
import type { Context } from "../context.ts";
import { offSwitch, optionalLine } from "./parameters.ts";

export const envRoute = buildCommand<EnvFlags, [string?], Context>({
  // Not loaded later: start.ts has it already.
  func: env,
  parameters: {
    flags: {
      shell: {
        kind: "enum",
        values: SHELLS,
        optional: true,
        brief: "Whose language to write (default: $SHELL's)",
      },
      unset: offSwitch("Write what removes the variables again"),
      ifAny: offSwitch("Write nothing, quietly, when there is no line to select: for ~/.bashrc and the like"),
    },
    positional: optionalLine,
  },
  docs: {
    brief: "Print the variables that point Docker clients at a line, for eval",
    fullDescription: [
      "Prints the variables that point every Docker client at a line, in the language of your shell.",
      "If it fails, it prints statements that remove the variables and fail, so that no other engine stays selected.",
      "",
      '  bash, zsh, sh   eval "$(tetherdock env)"',
      "  fish            tetherdock env --shell fish | source",
      "  PowerShell      tetherdock env --shell powershell | Out-String | Invoke-Expression",
      "  cmd             FOR /f \"tokens=*\" %i IN ('tetherdock env --shell cmd') DO @%i",
    ].join("\n"),
  },
});
