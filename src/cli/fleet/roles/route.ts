import { buildCommand, buildRouteMap } from "@stricli/core";
import { fleetRoleNames } from "../../completion/values.ts";
import type { Context } from "../../context.ts";
import { type FleetFlags, fleetFlags, type RoleApplyFlags, roleApplyFlags } from "../flags.ts";

const known = {
  placeholder: "name",
  brief: "Name of the role",
  parse: String,
  proposeCompletions: fleetRoleNames,
} as const;

const ls = buildCommand<FleetFlags, [], Context>({
  loader: () => import("./roles.ts").then(({ fleetRoleLs }) => fleetRoleLs),
  parameters: { flags: fleetFlags },
  docs: { brief: "List the roles of a fleet, and how many of its clients have each" },
});

const show = buildCommand<FleetFlags, [string], Context>({
  loader: () => import("./roles.ts").then(({ fleetRoleShow }) => fleetRoleShow),
  parameters: { flags: fleetFlags, positional: { kind: "tuple", parameters: [known] } },
  docs: { brief: "Print a role of a fleet, as a role file" },
});

const apply = buildCommand<RoleApplyFlags, string[], Context>({
  loader: () => import("./roles.ts").then(({ fleetRoleApply }) => fleetRoleApply),
  parameters: {
    flags: roleApplyFlags,
    positional: {
      kind: "array",
      minimum: 1,
      parameter: { placeholder: "file", brief: "Path of a role file", parse: String },
    },
  },
  docs: {
    brief: "Put role files on the fleet's list, and in force on every host",
    fullDescription:
      "Checks all files first, and signs nothing if one has a problem. Shows what a role that exists opens and closes, and asks before it is replaced. Clients that have the role are disconnected, and get the new one when they connect again.",
  },
});

const rm = buildCommand<FleetFlags, [string], Context>({
  loader: () => import("./roles.ts").then(({ fleetRoleRm }) => fleetRoleRm),
  parameters: { flags: fleetFlags, positional: { kind: "tuple", parameters: [known] } },
  docs: { brief: "Take a role that none of the fleet's clients has off its list" },
});

export const roleRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { ls, show, apply, rm }),
  aliases: Object.create(null),
  docs: { brief: "Manage the roles of a fleet" },
});
