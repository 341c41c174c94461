/** Options of `run`. */
import type { FlagsOf } from "../flags/flags-of.ts";
import { lineFlag } from "../flags/parameters.ts";

export const runFlags = { line: lineFlag } as const;

export type RunFlags = FlagsOf<typeof runFlags>;
