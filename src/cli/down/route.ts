import { buildCommand } from "@stricli/core";
import { lineNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { type DownFlags, downFlags } from "./flags.ts";

export const downRoute = buildCommand<DownFlags, [string?], Context>({
  loader: () => import("./command.ts").then(({ down }) => down),
  parameters: {
    flags: downFlags,
    aliases: { y: "yes", n: "dryRun" },
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "line or user@host",
          brief: "A line, or the ssh destination of a host set up from any laptop",
          parse: String,
          proposeCompletions: lineNames,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "Restore a host exactly as it was before up, and forget the line",
    fullDescription: [
      "Undoes the changes recorded in the journal on the host, byte for byte, no matter which laptop made them; then",
      "deletes the line on this machine, with its certificates and keys.",
      "",
      "  tetherdock down web",
      "  tetherdock down core@vps.example",
      "  tetherdock down web --forget",
    ].join("\n"),
  },
});
