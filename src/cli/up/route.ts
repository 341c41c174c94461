import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { type UpFlags, upFlags } from "./flags.ts";

export const upRoute = buildCommand<UpFlags, [string?], Context>({
  loader: () => import("./command.ts").then(({ up }) => up),
  parameters: {
    flags: upFlags,
    aliases: { y: "yes", n: "dryRun" },
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "user@host",
          brief: "ssh destination, or ssh://user@host:port",
          parse: String,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "Set up TLS for docker on a host, and prove that only you get in",
    fullDescription: [
      "Inspects the host over ssh, shows a plan, carries it out, restarts docker, and proves from this machine",
      "that your certificate gets in and nothing else does. If the proof fails, the change is undone. A second run",
      "changes nothing unless something is different.",
      "",
      "  tetherdock up core@vps.example",
      "  tetherdock up ssh://root@203.0.113.7:2222 --name build --san build.example",
      "  tetherdock up core@vps.example --dry-run",
    ].join("\n"),
  },
});
