/** Options of `upgrade`. */
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";
import { upFlags } from "../up/flags.ts";

export const upgradeFlags = {
  all: offSwitch("Upgrade the hosts of all lines, one after the other"),
  confirmWithin: upFlags.confirmWithin,
  yes: offSwitch("Do not ask"),
  dryRun: offSwitch("Show the plans and change nothing"),
  json: jsonFlag,
} as const;

export type UpgradeFlags = FlagsOf<typeof upgradeFlags>;
