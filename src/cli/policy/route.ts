import { buildCommand, buildRouteMap } from "@stricli/core";
import { clientNames, ownRoleNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import {
  type CheckFlags,
  checkFlags,
  type DiffFlags,
  diffFlags,
  type ExplainFlags,
  explainFlags,
  type ImportFlags,
  importFlags,
  type LineFlags,
  type ListFlags,
  lineFlags,
  listFlags,
  type ObserveFlags,
  observeFlags,
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
    brief: "Apply role files to a line's gateway",
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

const words = {
  kind: "array",
  minimum: 1,
  parameter: { placeholder: "command", brief: "The command and its arguments, after --", parse: String },
} as const;

const explain = buildCommand<ExplainFlags, string[], Context>({
  loader: () => import("./explain.ts").then(({ policyExplain }) => policyExplain),
  parameters: { flags: explainFlags, positional: words },
  docs: {
    brief: "Show what a role says to each request of a docker command",
    fullDescription: [
      "Runs docker or docker-compose on this machine with a socket in the place of the engine. The socket answers as if",
      "everything succeeded, and no engine is asked. Each request is judged as if everything that it names were the",
      "client's own. With a role file or a built-in role, this needs no gateway; with --client, the gateway is asked for the role. Exit status 0: all requests are allowed;",
      "1: some are refused.",
      "",
      "  tetherdock policy explain --role web-team.yaml -- docker run -p 80:80 nginx",
    ].join("\n"),
    customUsage: ["--role ROLE -- COMMAND [ARGUMENT...]", "--client NAME -- COMMAND [ARGUMENT...]"],
  },
});

const test = buildCommand<CheckFlags, [string], Context>({
  loader: () => import("./explain.ts").then(({ policyTest }) => policyTest),
  parameters: {
    flags: checkFlags,
    positional: {
      kind: "tuple",
      parameters: [{ placeholder: "file", brief: "A file with cases, YAML", parse: String }],
    },
  },
  docs: {
    brief: "Test a role with the cases of a file",
    fullDescription:
      "Each case is a docker command or a request, and whether it must be allowed or refused. The docker client of each command runs on this machine, as for policy explain: run only cases that you trust. Exit status 0: all cases passed; 1: some did not.",
  },
});

const importRoute = buildCommand<ImportFlags, [string], Context>({
  loader: () => import("./make.ts").then(({ policyImport }) => policyImport),
  parameters: {
    flags: importFlags,
    positional: {
      kind: "tuple",
      parameters: [{ placeholder: "file", brief: "The proxy's configuration; - means stdin", parse: String }],
    },
  },
  docs: {
    brief: "Make a role file of a socket proxy's configuration",
    fullDescription: [
      "Reads the configuration of Tecnativa's docker-socket-proxy (a .env or compose file), wollomatic's socket-proxy (a",
      "compose file, options or variables), or sockguard (YAML). The role permits no operation that the proxy refuses. What",
      "a role cannot say is left out, and the first lines of the file name it.",
      "",
      "  tetherdock policy import docker-compose.yml --out portainer.yaml",
    ].join("\n"),
  },
});

const observe = buildCommand<ObserveFlags, [string], Context>({
  loader: () => import("./make.ts").then(({ policyObserve }) => policyObserve),
  parameters: {
    flags: observeFlags,
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "client",
          brief: "Name of the client",
          parse: String,
          proposeCompletions: clientNames,
        },
      ],
    },
  },
  docs: {
    brief: "Make a role file of what a client did",
    fullDescription:
      "Reads what the gateway's audit log recorded of a client, at most 100,000 records, and makes the narrowest role file that permits the same operations. Bodies are not recorded: the first lines of the file say what the records cannot tell. Exit status 0: the role permits every recorded request; 1: it would refuse some, which are named.",
  },
});

const twoRoles = {
  kind: "tuple",
  parameters: [
    {
      placeholder: "before",
      brief: "A role file, a built-in role, or a role of the line's gateway",
      parse: String,
    },
    { placeholder: "after", brief: "Another of these", parse: String },
  ],
} as const;

const diff = buildCommand<DiffFlags, [string, string], Context>({
  loader: () => import("./explain.ts").then(({ policyDiff }) => policyDiff),
  parameters: { flags: diffFlags, positional: twoRoles },
  docs: {
    brief: "Show which operations, limits and binds differ between two roles",
    fullDescription:
      "Compares all operations of the Docker API, the limits, and the paths of the host that containers may bind. An operation is refused, checked (by its body, or by what the engine says), or allowed. Exit status 0: no difference; 1: differences.",
  },
});

export const policyRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), {
    check,
    apply,
    ls,
    show,
    rm,
    explain,
    test,
    diff,
    observe,
    import: importRoute,
    schema,
  }),
  aliases: Object.create(null),
  docs: { brief: "Make roles of your own, as files" },
});
