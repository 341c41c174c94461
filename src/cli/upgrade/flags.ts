/** Options of `upgrade`. */
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";
import { parseAtOnce } from "../many-hosts/at-once.ts";
import { upFlags } from "../up/flags.ts";

export const upgradeFlags = {
  all: offSwitch("Upgrade the hosts of all lines"),
  atOnce: {
    kind: "parsed",
    parse: parseAtOnce,
    default: "1",
    brief: "How many hosts at a time, with --yes or --dry-run (at most 32)",
    placeholder: "count",
  },
  confirmWithin: upFlags.confirmWithin,
  yes: offSwitch("Do not ask"),
  dryRun: offSwitch("Show the plans and change nothing"),
  json: jsonFlag,
} as const;

export type UpgradeFlags = FlagsOf<typeof upgradeFlags>;
