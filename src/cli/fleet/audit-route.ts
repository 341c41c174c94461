import { buildCommand, buildRouteMap } from "@stricli/core";
import type { Context } from "../context.ts";
import { type FleetAuditFlags, type FleetShowFlags, fleetAuditFlags, fleetShowFlags } from "./flags.ts";

const show = buildCommand<FleetShowFlags, [], Context>({
  loader: () => import("./audit.ts").then(({ fleetAuditShow }) => fleetAuditShow),
  parameters: { flags: fleetShowFlags, aliases: { f: "follow" } },
  docs: {
    brief: "Show who did what on all hosts of a fleet",
    fullDescription: [
      "Copies what is new of each host's audit log to this machine, and prints the records of all hosts, oldest first. Of a host",
      "that cannot be reached, those that were copied before are printed, and the exit status is 1. -f copies nothing: it prints new",
      "records as they come.",
      "",
      "  tetherdock fleet audit --client eva@desk --since 24h",
    ].join("\n"),
  },
});

const fetch = buildCommand<FleetAuditFlags, [], Context>({
  loader: () => import("./audit.ts").then(({ fleetAuditFetch }) => fleetAuditFetch),
  parameters: { flags: fleetAuditFlags },
  docs: {
    brief: "Copy what is new of each host's audit log to this machine",
    fullDescription:
      "For a timer. A host that cuts off or changes what was copied is reported; the copy keeps the records.",
  },
});

const verify = buildCommand<FleetAuditFlags, [], Context>({
  loader: () => import("./audit.ts").then(({ fleetAuditVerify }) => fleetAuditVerify),
  parameters: { flags: fleetAuditFlags },
  docs: {
    brief: "Find hosts that have changed or cut off their audit log",
    fullDescription:
      "Copies what is new, verifies the copies, and asks each host whether its log is intact and still has what was copied. Exit status 0: all are; 1: one is not, or cannot be asked.",
  },
});

export const fleetAuditRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { show, fetch, verify }),
  defaultCommand: "show",
  aliases: Object.create(null),
  docs: {
    brief: "Show who did what on all hosts of a fleet, and verify their logs",
    fullDescription:
      "show is the default, and has the options --client, --host, --since and -f: tetherdock fleet audit -f. All of them: tetherdock fleet audit show --help.",
  },
});
