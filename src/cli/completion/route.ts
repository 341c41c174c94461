import { buildCommand } from "@stricli/core";
import { TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { COMPLETION_SHELLS, type CompletionShell, completionScripts } from "./script.ts";

function readShell(text: string): CompletionShell {
  const shell = COMPLETION_SHELLS.find((known) => known === text);
  if (shell !== undefined) return shell;
  throw new TetherdockError("USAGE", `there is no completion script for ${JSON.stringify(text)}`, {
    hints: COMPLETION_SHELLS.map((known) => `tetherdock completion ${known}`),
  });
}

export const completionRoute = buildCommand<Record<never, never>, [CompletionShell], Context>({
  func(this: Context, _flags, shell) {
    this.stdout.data(completionScripts[shell]);
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "shell",
          brief: `One of ${COMPLETION_SHELLS.join(", ")}`,
          parse: readShell,
          proposeCompletions: (partial: string) =>
            COMPLETION_SHELLS.filter((shell) => shell.startsWith(partial)),
        },
      ],
    },
  },
  docs: {
    brief: "Print the completion script for a shell",
    fullDescription: [
      "Prints a script that completes commands, options, lines, contexts and clients when you press Tab.",
      "",
      "  bash   source <(tetherdock completion bash)         # in ~/.bashrc",
      "  zsh    source <(tetherdock completion zsh)          # in ~/.zshrc, after compinit",
      "  fish   tetherdock completion fish | source          # in ~/.config/fish/config.fish",
    ].join("\n"),
  },
});
