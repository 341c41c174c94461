/** Options and arguments of `agent` and its commands. */
import { parseLineName } from "../../line/index.ts";
import { lineNames } from "../completion/values.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag } from "../flags/parameters.ts";

/** LINE…; none: all lines. */
export const someLines = {
  kind: "array",
  parameter: {
    placeholder: "line",
    brief: "Lines (default: all)",
    parse: parseLineName,
    proposeCompletions: lineNames,
  },
} as const;

export const statusFlags = { json: jsonFlag } as const;

export type StatusFlags = FlagsOf<typeof statusFlags>;
