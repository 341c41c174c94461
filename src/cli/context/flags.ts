/** Options of `context create` and `context ls`. */
import { parseContextName } from "../../line/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";

export const createFlags = {
  name: {
    kind: "parsed",
    parse: parseContextName,
    optional: true,
    brief: "Name of the context (default: the line's name)",
    placeholder: "name",
  },
  agent: offSwitch("Connect through the line's agent, without a copy of the key: see agent"),
  use: offSwitch("Make it the current context, as docker context use does"),
} as const;

export const lsFlags = { json: jsonFlag } as const;

export type CreateFlags = FlagsOf<typeof createFlags>;
export type LsFlags = FlagsOf<typeof lsFlags>;
