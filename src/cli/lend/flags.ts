/** Options of `lend`. */
import { parseDuration } from "../../base/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { lineFlag, offSwitch } from "../flags/parameters.ts";

export const lendFlags = {
  line: lineFlag,
  for: {
    kind: "parsed",
    parse: parseDuration,
    brief: "How long at most, such as 2h; then the gateway ends access",
    placeholder: "time",
  },
  dir: {
    kind: "parsed",
    parse: String,
    brief: "A folder of the host that the command's containers may bind",
    placeholder: "folder",
    optional: true,
  },
  quiet: offSwitch("Do not show what the command did"),
} as const;

export type LendFlags = FlagsOf<typeof lendFlags>;
