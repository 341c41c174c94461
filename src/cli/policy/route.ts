import { buildCommand, buildRouteMap } from "@stricli/core";
import { ownRoleNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import {
  type CheckFlags,
  checkFlags,
  type LineFlags,
  type ListFlags,
  lineFlags,
  listFlags,
} from "./flags.ts";

const files = {
  kind: "array",
  minimum: 1,
  parameter: { placeholder: "file", brief: "A role file, YAML", parse: String },
} as const;

const role = {
  kind: "tuple",
  parameters: [
    { placeholder: "role", brief: "Name of the role", parse: String, proposeCompletions: ownRoleNames },
  ],
} as const;

const check = buildCommand<CheckFlags, string[], Context>({
  loader: () => import("./files.ts").then(({ policyCheck }) => policyCheck),
  parameters: { flags: checkFlags, positional: files },
  docs: { brief: "Check role files, and report every problem with its line; needs no gateway" },
});

const apply = buildCommand<ListFlags, string[], Context>({
  loader: () => import("./files.ts").then(({ policyApply }) => policyApply),
  parameters: { flags: listFlags, positional: files },
  docs: {
    brief: "Put role files in force on a line's gateway",
    fullDescription:
      "Checks all files, and sends each role to the gateway, which checks it again and keeps it. Clients that have a changed role are disconnected and connect again with the new one. Nothing is sent when a file has a problem.",
  },
});

const schema = buildCommand<Record<never, never>, [], Context>({
  loader: () => import("./schema.ts").then(({ policySchema }) => policySchema),
  parameters: {},
  docs: { brief: "Print the JSON Schema of role files, for editors" },
});

const ls = buildCommand<ListFlags, [], Context>({
  loader: () => import("./roles.ts").then(({ policyLs }) => policyLs),
  parameters: { flags: listFlags },
  docs: { brief: "List the roles of a line's gateway, and how many clients have each" },
});

const show = buildCommand<ListFlags, [string], Context>({
  loader: () => import("./roles.ts").then(({ policyShow }) => policyShow),
  parameters: { flags: listFlags, positional: role },
  docs: { brief: "Print a role of a line's gateway as a role file" },
});

const rm = buildCommand<LineFlags, [string], Context>({
  loader: () => import("./roles.ts").then(({ policyRm }) => policyRm),
  parameters: { flags: lineFlags, positional: role },
  docs: { brief: "Remove a role that no client has" },
});

export const policyRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { check, apply, ls, show, rm, schema }),
  aliases: Object.create(null),
  docs: { brief: "Make roles of your own, as files" },
});
