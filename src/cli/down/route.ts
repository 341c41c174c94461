import { buildCommand } from "@stricli/core";
import { parseLineName } from "../../line/index.ts";
import { lineNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";
import type { DownFlags } from "./down-flags.ts";

export const downRoute = buildCommand<DownFlags, [string?], Context>({
  loader: () => import("./command.ts").then(({ down }) => down),
  parameters: {
    flags: {
      acceptHost: {
        kind: "parsed",
        parse: parseLineName,
        proposeCompletions: lineNames,
        optional: true,
        brief: "Accept this host as the line's host without proof, and forget the line",
        placeholder: "line",
      },
      local: offSwitch("Undo on this machine, without ssh"),
      force: offSwitch("Also undo files that were changed after up"),
      reopen: offSwitch("Undo even though the API was open to everybody before up"),
      forget: offSwitch("Only forget the line on this machine; do not change the host"),
      yes: offSwitch("Do not ask"),
      dryRun: offSwitch("Show what would be undone and change nothing"),
      json: jsonFlag,
    },
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
      "deletes the line on this machine, including its CA and keys.",
      "",
      "  tetherdock down web",
      "  tetherdock down core@vps.example",
      "  tetherdock down web --forget",
    ].join("\n"),
  },
});
