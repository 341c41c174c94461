import { buildCommand, buildRouteMap } from "@stricli/core";
import { parseDuration, TetherdockError } from "../../base/index.ts";
import { CLIENT_NAME } from "../../gateway/index.ts";
import { parseLineName } from "../../line/index.ts";
import type { ClientAddFlags } from "../commands/client/add.ts";
import type { ClientLsFlags } from "../commands/client/ls.ts";
import type { ClientFlags } from "../commands/client/set-state.ts";
import { clientNames, lineNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { jsonFlag } from "./parameters.ts";

const line = {
  kind: "parsed",
  parse: parseLineName,
  proposeCompletions: lineNames,
  optional: true,
  brief: "The line; else $TETHERDOCK_LINE, else the default, else the only one there is",
  placeholder: "line",
} as const;

function parseClientName(text: string): string {
  if (CLIENT_NAME.test(text)) return text;
  throw new TetherdockError("USAGE", `"${text}" is not a name for a client`, {
    why: ["it is 1 to 64 of letters, digits and ._@+-, and begins with a letter or digit"],
    hints: ["name the person and the machine: anna@laptop"],
  });
}

const oneClient = {
  kind: "tuple",
  parameters: [{ placeholder: "client", brief: "The client's name, as anna@laptop", parse: parseClientName }],
} as const;

const knownClient = {
  kind: "tuple",
  parameters: [{ ...oneClient.parameters[0], proposeCompletions: clientNames }],
} as const;

const ls = buildCommand<ClientLsFlags, [], Context>({
  loader: () => import("../commands/client/ls.ts").then(({ clientLs }) => clientLs),
  parameters: { flags: { line, json: jsonFlag } },
  docs: { brief: "List who may use a line, and as what" },
});

const add = buildCommand<ClientAddFlags, [string], Context>({
  loader: () => import("../commands/client/add.ts").then(({ clientAdd }) => clientAdd),
  parameters: {
    flags: {
      line,
      publicKey: {
        kind: "parsed",
        parse: String,
        brief: "Their public key, PEM: a private one never travels",
        placeholder: "file",
      },
      role: { kind: "enum", values: ["admin", "viewer"], default: "viewer", brief: "What they may do" },
      expires: {
        kind: "parsed",
        parse: parseDuration,
        optional: true,
        brief: "Ends by itself after this time, as 30d",
        placeholder: "time",
      },
      out: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Folder for ca.pem and cert.pem; else the certificate is printed",
        placeholder: "folder",
      },
    },
    positional: oneClient,
  },
  docs: {
    brief: "Let another person or machine in",
    fullDescription:
      "Signs a certificate for a key that was made where it is used, and puts it on the gateway's list. viewer may look at lists and inspections, without values of variables, arguments and labels; admin may do everything, which is to be root on the host.",
  },
});

const revoke = buildCommand<ClientFlags, [string], Context>({
  loader: () => import("../commands/client/set-state.ts").then(({ clientRevoke }) => clientRevoke),
  parameters: { flags: { line }, positional: knownClient },
  docs: { brief: "Shut one client out at once; its open connections are cut" },
});

const restore = buildCommand<ClientFlags, [string], Context>({
  loader: () => import("../commands/client/set-state.ts").then(({ clientRestore }) => clientRestore),
  parameters: { flags: { line }, positional: knownClient },
  docs: { brief: "Let a revoked client in again" },
});

const rm = buildCommand<ClientFlags, [string], Context>({
  loader: () => import("../commands/client/set-state.ts").then(({ clientRm }) => clientRm),
  parameters: { flags: { line }, positional: knownClient },
  docs: { brief: "Take a client off the list" },
});

export const clientRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { ls, add, revoke, restore, rm }),
  aliases: Object.create(null),
  docs: { brief: "Keep the people and machines that may use a line with a gateway" },
});
