import { buildCommand } from "@stricli/core";
import { parseLineName } from "../../line/index.ts";
import { lineNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { type UseFlags, useFlags } from "./flags.ts";

export const useRoute = buildCommand<UseFlags, [string?], Context>({
  loader: () => import("./command.ts").then(({ use }) => use),
  parameters: {
    flags: useFlags,
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "line",
          brief: "The line to make the default (without it: print the default)",
          parse: parseLineName,
          proposeCompletions: lineNames,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "Set the line that commands use when none is named",
    fullDescription: [
      "Sets the default line. Commands use it if you name no line and $TETHERDOCK_LINE is not set.",
      "Shells that have already evaluated tetherdock env keep their current engine.",
      "",
      "  tetherdock use web",
      "  tetherdock use --unset",
    ].join("\n"),
  },
});
