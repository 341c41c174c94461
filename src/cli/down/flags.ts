/** Options of `down`. */
import { parseLineName } from "../../line/index.ts";
import { lineNames } from "../completion/values.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";

export const downFlags = {
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
} as const;

export type DownFlags = FlagsOf<typeof downFlags>;
