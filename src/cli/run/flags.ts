/** Options of `run`. */
import { parseLineName } from "../../line/index.ts";
import { lineNames } from "../completion/values.ts";
import type { FlagsOf } from "../flags/flags-of.ts";

export const runFlags = {
  line: {
    kind: "parsed",
    parse: parseLineName,
    proposeCompletions: lineNames,
    optional: true,
    brief: "The line (default: $TETHERDOCK_LINE, the default line, or the only line)",
    placeholder: "line",
  },
} as const;

export type RunFlags = FlagsOf<typeof runFlags>;
