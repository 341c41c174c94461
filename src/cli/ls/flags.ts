/** Options of `ls`. */
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";

export const lsFlags = { json: jsonFlag, quiet: offSwitch("Print only the names") } as const;

export type LsFlags = FlagsOf<typeof lsFlags>;
