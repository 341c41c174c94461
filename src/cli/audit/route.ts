import { buildCommand, buildRouteMap } from "@stricli/core";
import { TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { jsonFlag, offSwitch, optionalLine } from "../flags/parameters.ts";
import { parseSince } from "./parse-since.ts";
import type { AuditFlags } from "./show.ts";
import type { AuditVerifyFlags } from "./verify.ts";

const directory = {
  kind: "parsed",
  parse: String,
  optional: true,
  brief: "Read the log in this folder on this machine; needs no line",
  placeholder: "folder",
} as const;

const positional = {
  kind: "tuple",
  parameters: [
    {
      ...optionalLine.parameters[0],
      brief: "The line (default: $TETHERDOCK_LINE or the only line; without lines, this host's log)",
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
  loader: () => import("./show.ts").then(({ audit }) => audit),
  parameters: {
    flags: {
      follow: offSwitch("Follow new records, until Ctrl-C"),
      client: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Show only records of this client",
        placeholder: "name",
      },
      since: {
        kind: "parsed",
        parse: parseSince,
        optional: true,
        brief: "Show only records since: 90s, 5m, 24h, 7d ago, or 2026-01-31T08:00Z",
        placeholder: "time",
      },
      directory,
      json: offSwitch("Print the raw records, one JSON object per line"),
    },
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

const verify = buildCommand<AuditVerifyFlags, [string?], Context>({
  loader: () => import("./verify.ts").then(({ auditVerify }) => auditVerify),
  parameters: {
    flags: {
      directory,
      expectSeal: {
        kind: "parsed",
        parse: parseSeal,
        optional: true,
        brief: "A seal that the log must contain, as printed by an earlier verify",
        placeholder: "seal",
      },
      json: jsonFlag,
    },
    positional,
  },
  docs: {
    brief: "Verify the integrity of the audit log",
    fullDescription:
      "Checks every record against its seal and every file against the previous one, and reports changed, removed or moved records by file and line. To detect records cut off at the end, give a seal that you kept: --expect-seal. Exit status 0: the log is intact; 1: it is not.",
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
      "Shows who did what through a line's gateway, and verifies the log. show is the default: tetherdock audit -f.",
  },
});
