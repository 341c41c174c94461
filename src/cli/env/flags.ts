/** Options of `env`. Whoever runs at every shell start imports the type alone. */
import { SHELLS } from "../../line/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { offSwitch } from "../flags/parameters.ts";

export const envFlags = {
  shell: {
    kind: "enum",
    values: SHELLS,
    optional: true,
    brief: "Shell to write for (default: from $SHELL)",
  },
  agent: offSwitch("Connect through the line's agent on this machine: see agent"),
  unset: offSwitch("Print commands that unset the variables"),
  ifAny: offSwitch("Print nothing and succeed if there is no line to select, for ~/.bashrc"),
} as const;

export type EnvFlags = FlagsOf<typeof envFlags>;
