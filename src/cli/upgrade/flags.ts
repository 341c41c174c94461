/** Options of `upgrade`. */
import { TetherdockError } from "../../base/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";
import { upFlags } from "../up/flags.ts";

const MOST = 32;

function parseAtOnce(text: string): number {
  const count = /^[1-9]\d?$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST) return count;
  throw new TetherdockError("USAGE", `"${text}" is not a number of hosts`, {
    hints: [`give a number from 1 to ${MOST}: --at-once 8`],
  });
}

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
