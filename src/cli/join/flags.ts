/** Options of `join`. */
import { parseLineName } from "../../line/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag } from "../flags/parameters.ts";

export const joinFlags = {
  name: {
    kind: "parsed",
    parse: parseLineName,
    optional: true,
    brief: "Name of the new line (default: its name where the invitation was made)",
    placeholder: "name",
  },
  json: jsonFlag,
} as const;

export type JoinFlags = FlagsOf<typeof joinFlags>;
