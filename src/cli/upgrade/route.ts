import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { optionalLine } from "../flags/parameters.ts";
import { type UpgradeFlags, upgradeFlags } from "./flags.ts";

const { optional: _one, ...line } = optionalLine.parameters[0];

export const upgradeRoute = buildCommand<UpgradeFlags, string[], Context>({
  loader: () => import("./command.ts").then(({ upgrade }) => upgrade),
  parameters: {
    flags: upgradeFlags,
    aliases: { y: "yes", n: "dryRun" },
    positional: { kind: "array", parameter: line },
  },
  docs: {
    brief: "Upgrade the hosts of existing lines to this tetherdock",
    fullDescription: [
      "Runs up on the host of each line, with the line's mode, port and names: it sends a newer program to a gateway, and",
      "renews certificates that are about to expire. It shows each plan and asks. A host that needs no change is only",
      "proven again. If one host fails, it continues with the others. Run it again to go on after an interruption.",
      "",
      "  tetherdock upgrade --all --dry-run",
      "  tetherdock upgrade --all --yes --at-once 8",
      "  tetherdock upgrade web build",
    ].join("\n"),
  },
});
