import { buildCommand, buildRouteMap } from "@stricli/core";
import type { Context } from "../context.ts";
import { optionalLine } from "../flags/parameters.ts";
import {
  type FetchFlags,
  fetchFlags,
  type ShowFlags,
  showFlags,
  type VerifyFlags,
  verifyFlags,
} from "./flags.ts";

const positional = {
  kind: "tuple",
  parameters: [
    {
      ...optionalLine.parameters[0],
      brief: "The line (default: $TETHERDOCK_LINE or the only line; without lines, this host's log)",
    },
  ],
} as const;

const show = buildCommand<ShowFlags, [string?], Context>({
  loader: () => import("./show.ts").then(({ audit }) => audit),
  parameters: {
    flags: showFlags,
    aliases: { f: "follow" },
    positional,
  },
  docs: {
    brief: "Show who did what through a line's gateway",
    fullDescription: [
      "Prints the records of the gateway's audit log, oldest first: time, client, status or reason for refusal, the",
      "operation's name in the Docker API, and the amount of data. Only for admins of the line.",
      "",
      "  tetherdock audit -f",
      "  tetherdock audit --client anna@laptop --since 24h",
    ].join("\n"),
  },
});

const verify = buildCommand<VerifyFlags, [string?], Context>({
  loader: () => import("./verify.ts").then(({ auditVerify }) => auditVerify),
  parameters: {
    flags: verifyFlags,
    positional,
  },
  docs: {
    brief: "Verify the integrity of the audit log",
    fullDescription:
      "Checks every record against its seal and every file against the previous one, and reports changed, removed or moved records by file and line. To detect records cut off at the end, give a seal that you kept: --expect-seal. Exit status 0: the log is intact; 1: it is not.",
  },
});

const fetch = buildCommand<FetchFlags, [string?], Context>({
  loader: () => import("./fetch.ts").then(({ auditFetch }) => auditFetch),
  parameters: { flags: fetchFlags, positional },
  docs: {
    brief: "Copy a line's audit log to this machine, or add to the copy what is new",
    fullDescription: [
      "Copies the log's files as they are. The next fetch adds only what is new, and also continues one that was interrupted.",
      "A host that cuts off or changes what was copied is reported; the copy keeps the records.",
      "",
      "  tetherdock audit fetch --directory log",
      "  tetherdock audit verify --directory log",
    ].join("\n"),
  },
});

export const auditRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { show, verify, fetch }),
  defaultCommand: "show",
  aliases: Object.create(null),
  docs: {
    brief: "Show who did what through a line's gateway",
    fullDescription:
      "Shows who did what through a line's gateway, and verifies the log. show is the default: tetherdock audit -f.",
  },
});
