import { buildCommand, buildRouteMap } from "@stricli/core";
import { TetherdockError } from "../../base/index.ts";
import { parseSince } from "../audit/parse-since.ts";
import type { AuditFlags } from "../commands/audit/show.ts";
import type { AuditVerifyFlags } from "../commands/audit/verify.ts";
import type { Context } from "../context.ts";
import { jsonFlag, offSwitch, optionalLine } from "./parameters.ts";

const directory = {
  kind: "parsed",
  parse: String,
  optional: true,
  brief: "A log on this machine, without a line",
  placeholder: "folder",
} as const;

const positional = {
  kind: "tuple",
  parameters: [
    {
      ...optionalLine.parameters[0],
      brief: "The line; else $TETHERDOCK_LINE or the only one; with no line here, this host's log",
    },
  ],
} as const;

function parseSeal(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new TetherdockError("USAGE", `"${text}" is not a seal`, {
    hints: ["give the 64 hex digits that an earlier verify printed"],
  });
}

const show = buildCommand<AuditFlags, [string?], Context>({
  loader: () => import("../commands/audit/show.ts").then(({ audit }) => audit),
  parameters: {
    flags: {
      follow: offSwitch("Go on with what happens from now on, until Ctrl-C"),
      client: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Only what this client did",
        placeholder: "name",
      },
      since: {
        kind: "parsed",
        parse: parseSince,
        optional: true,
        brief: "Only what happened since: 90s, 5m, 24h, 7d ago, or 2026-01-31T08:00Z",
        placeholder: "time",
      },
      directory,
      json: offSwitch("Print the records as they are, one JSON object a line"),
    },
    aliases: { f: "follow" },
    positional,
  },
  docs: {
    brief: "Show who did what through a line's gateway",
    fullDescription: [
      "Prints the records of the gateway's audit log, oldest first: when, who, the answer's status or why it was",
      "refused, the operation by the name that Docker's API gives it, and how much. For admins of the line.",
      "",
      "  tetherdock audit -f",
      "  tetherdock audit --client anna@laptop --since 24h",
    ].join("\n"),
  },
});

const verify = buildCommand<AuditVerifyFlags, [string?], Context>({
  loader: () => import("../commands/audit/verify.ts").then(({ auditVerify }) => auditVerify),
  parameters: {
    flags: {
      directory,
      expectSeal: {
        kind: "parsed",
        parse: parseSeal,
        optional: true,
        brief: "A seal that must be in the log, as an earlier verify printed it",
        placeholder: "seal",
      },
      json: jsonFlag,
    },
    positional,
  },
  docs: {
    brief: "Find out whether the audit log is what was written",
    fullDescription:
      "Holds every record against its seal, and every file against the one before: what was changed, removed or moved is told by file and line. Records cut off at the end are found by a seal that was kept: --expect-seal. Exit status 0: all is as it was written; 1: it is not.",
  },
});

export const auditRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { show, verify }),
  defaultCommand: "show",
  aliases: Object.create(null),
  docs: {
    brief: "Show who did what through a line's gateway",
    fullDescription:
      "Shows who did what through a line's gateway, and whether the log of it is what was written. The word show may be left out: tetherdock audit -f.",
  },
});
