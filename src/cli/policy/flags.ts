/** Options of `policy` and its commands. */
import { roleNames } from "../completion/values.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, lineFlag } from "../flags/parameters.ts";

export const checkFlags = { json: jsonFlag } as const;
export const lineFlags = { line: lineFlag } as const;
export const listFlags = { line: lineFlag, json: jsonFlag } as const;

export const explainFlags = {
  line: lineFlag,
  json: jsonFlag,
  role: {
    kind: "parsed",
    parse: String,
    proposeCompletions: roleNames,
    brief: "A role file, a built-in role, or a role of the line's gateway",
    placeholder: "role",
  },
} as const;

export type CheckFlags = FlagsOf<typeof checkFlags>;
export type LineFlags = FlagsOf<typeof lineFlags>;
export type ListFlags = FlagsOf<typeof listFlags>;
export type ExplainFlags = FlagsOf<typeof explainFlags>;
