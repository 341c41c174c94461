import { buildCommand } from "@stricli/core";
import { parseLineName } from "../../line/index.ts";
import { lineNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import type { DownFlags } from "../up/down-flags.ts";
import { jsonFlag, offSwitch } from "./parameters.ts";

export const downRoute = buildCommand<DownFlags, [string?], Context>({
  loader: () => import("../commands/down.ts").then(({ down }) => down),
  parameters: {
    flags: {
      acceptHost: {
        kind: "parsed",
        parse: parseLineName,
        proposeCompletions: lineNames,
        optional: true,
        brief: "Take this host for this line's, although it cannot prove it, and forget the line",
        placeholder: "line",
      },
      local: offSwitch("Undo on this machine itself, without ssh"),
      force: offSwitch("Undo even files that were changed after up"),
      reopen: offSwitch("Undo even though the API was open to everybody before up"),
      forget: offSwitch("Only forget the line here; the host is not touched"),
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
          brief: "A line, or the ssh destination of a host that any laptop set up",
          parse: String,
          proposeCompletions: lineNames,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "Put a host back exactly as it was before up, and forget the line",
    fullDescription: [
      "Undoes what the journal on the host says, byte for byte, whichever laptop made it; then forgets the line here,",
      "its CA and keys included.",
      "",
      "  tetherdock down web",
      "  tetherdock down core@vps.example",
      "  tetherdock down web --forget",
    ].join("\n"),
  },
});
