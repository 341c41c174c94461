/** Options of `use`. */
import type { FlagsOf } from "../flags/flags-of.ts";
import { offSwitch } from "../flags/parameters.ts";

export const useFlags = { unset: offSwitch("Clear the default line") } as const;

export type UseFlags = FlagsOf<typeof useFlags>;
