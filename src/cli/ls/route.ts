import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { type LsFlags, lsFlags } from "./flags.ts";

export const lsRoute = buildCommand<LsFlags, [], Context>({
  loader: () => import("./command.ts").then(({ ls }) => ls),
  parameters: {
    flags: lsFlags,
    aliases: { q: "quiet" },
  },
  docs: {
    brief: "List the lines on this machine",
    fullDescription:
      "Lists the lines on this machine, the days left on their certificates, and their docker contexts. Does not connect to hosts; for that, see status.",
  },
});
