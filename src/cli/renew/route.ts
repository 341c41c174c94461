import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { optionalLine } from "../flags/parameters.ts";
import { type RenewFlags, renewFlags } from "./flags.ts";

export const renewRoute = buildCommand<RenewFlags, [string?], Context>({
  loader: () => import("./command.ts").then(({ renew }) => renew),
  parameters: { flags: renewFlags, positional: optionalLine },
  docs: {
    brief: "Renew a line's client certificate",
    fullDescription:
      "Renews the client certificate of a line for the same key when a third of its life is left, and updates the copies in docker contexts. With the line's CA key here, it is signed here; otherwise the line's gateway signs it, up to 30 days after it expired. With the CA key here, it also renews the certificate of a gateway's host, without a restart. Running connections go on.",
  },
});
