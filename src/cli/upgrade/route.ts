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
      "Runs up on the host of each line, with the mode, port and names that the line has: sends a gateway the newer",
      "program, and renews what is about to expire. Shows each plan and asks; a host with nothing to do is only proven",
      "again. A host that fails does not stop the others.",
      "",
      "  tetherdock upgrade --all --dry-run",
      "  tetherdock upgrade --all --yes",
      "  tetherdock upgrade web build",
    ].join("\n"),
  },
});
