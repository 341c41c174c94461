import { buildCommand, buildRouteMap } from "@stricli/core";
import { parseContextName } from "../../line/index.ts";
import { contextNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { optionalLine } from "../flags/parameters.ts";
import { type CreateFlags, createFlags, type LsFlags, lsFlags } from "./flags.ts";

const create = buildCommand<CreateFlags, [string?], Context>({
  loader: () => import("./create.ts").then(({ contextCreate }) => contextCreate),
  parameters: {
    flags: createFlags,
    positional: optionalLine,
  },
  docs: {
    brief: "Create a docker context for a line",
    fullDescription:
      "Creates a docker context for a line. A context holds a copy of the line's private key; refresh updates the copy after the line's certificates change. With --agent it has no copy: docker connects to the line's agent, which must be running (see agent install). tetherdock never changes a context that it did not make.",
  },
});

const refresh = buildCommand<Record<never, never>, [string?], Context>({
  loader: () => import("./refresh.ts").then(({ contextRefresh }) => contextRefresh),
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{ ...optionalLine.parameters[0], brief: "The line (default: all lines)" }],
    },
  },
  docs: { brief: "Update addresses and keys in docker contexts" },
});

const rm = buildCommand<Record<never, never>, [string], Context>({
  loader: () => import("./rm.ts").then(({ contextRm }) => contextRm),
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "context",
          brief: "Name of the context",
          parse: parseContextName,
          proposeCompletions: contextNames,
        },
      ],
    },
  },
  docs: { brief: "Remove a context that tetherdock made" },
});

const ls = buildCommand<LsFlags, [], Context>({
  loader: () => import("./ls.ts").then(({ contextLs }) => contextLs),
  parameters: { flags: lsFlags },
  docs: { brief: "List the contexts that tetherdock made" },
});

export const contextRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { create, refresh, rm, ls }),
  aliases: Object.create(null),
  docs: { brief: "Manage docker contexts for lines" },
});
