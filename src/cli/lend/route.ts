import { buildCommand } from "@stricli/core";
import { roleNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { type LendFlags, lendFlags } from "./flags.ts";

export const lendRoute = buildCommand<LendFlags, string[], Context>({
  loader: () => import("./command.ts").then(({ lend }) => lend),
  parameters: {
    flags: lendFlags,
    positional: {
      kind: "array",
      minimum: 1,
      parameter: {
        placeholder: "role",
        brief: "The role, and the command with its arguments after --",
        parse: String,
        proposeCompletions: roleNames,
      },
    },
  },
  docs: {
    brief: "Lend a role to one command: a script, an AI agent",
    fullDescription: [
      "Makes a key and a client for one command, and runs it with Docker's variables set. Afterwards, also on Ctrl-C, the",
      "client is revoked and removed, with the containers, networks and volumes that it made, and its records in the audit",
      "log are shown. If tetherdock itself is killed, the gateway ends access when the time is over. Exits with the",
      "command's status.",
      "",
      "With --dir, containers may bind that one folder of the host, exactly and writable: the folder itself, not a path in",
      "it. On a line to this machine it may be relative, and links in it are resolved; on others it is absolute.",
      "",
      "  tetherdock lend deployer --for 2h -- ./nightly.sh",
      "  tetherdock lend deployer --for 2h --dir . -- ./agent.sh",
    ].join("\n"),
    customUsage: ["ROLE --for TIME -- COMMAND [ARGUMENT...]"],
  },
});
