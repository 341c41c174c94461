/** Options of `run`. */
import type { FlagsOf } from "../flags/flags-of.ts";
import { lineFlag, offSwitch } from "../flags/parameters.ts";

export const runFlags = {
  line: lineFlag,
  agent: offSwitch("Connect through the line's agent on this machine: see agent"),
} as const;

export type RunFlags = FlagsOf<typeof runFlags>;
