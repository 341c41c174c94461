import { buildCommand, buildRouteMap } from "@stricli/core";
import { parseDuration, TetherdockError } from "../../base/index.ts";
import { CLIENT_NAME } from "../../identity/index.ts";
import { parseLineName } from "../../line/index.ts";
import { clientNames, lineNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { jsonFlag } from "../flags/parameters.ts";
import type { ClientAddFlags } from "./add.ts";
import type { ClientLsFlags } from "./ls.ts";
import type { ClientFlags } from "./set-state.ts";

const line = {
  kind: "parsed",
  parse: parseLineName,
  proposeCompletions: lineNames,
  optional: true,
  brief: "The line (default: $TETHERDOCK_LINE, the default line, or the only line)",
  placeholder: "line",
} as const;

function parseClientName(text: string): string {
  if (CLIENT_NAME.test(text)) return text;
  throw new TetherdockError("USAGE", `"${text}" is not a name for a client`, {
    why: ["a name has 1 to 64 letters, digits and ._@+-, and starts with a letter or digit"],
    hints: ["name the person and the machine: anna@laptop"],
  });
}

const oneClient = {
  kind: "tuple",
  parameters: [
    { placeholder: "client", brief: "Name of the client, such as anna@laptop", parse: parseClientName },
  ],
} as const;

const knownClient = {
  kind: "tuple",
  parameters: [{ ...oneClient.parameters[0], proposeCompletions: clientNames }],
} as const;

const ls = buildCommand<ClientLsFlags, [], Context>({
  loader: () => import("./ls.ts").then(({ clientLs }) => clientLs),
  parameters: { flags: { line, json: jsonFlag } },
  docs: { brief: "List the clients of a line, and their roles" },
});

const add = buildCommand<ClientAddFlags, [string], Context>({
  loader: () => import("./add.ts").then(({ clientAdd }) => clientAdd),
  parameters: {
    flags: {
      line,
      publicKey: {
        kind: "parsed",
        parse: String,
        brief: "The client's public key, PEM; never a private key",
        placeholder: "file",
      },
      role: { kind: "enum", values: ["admin", "viewer"], default: "viewer", brief: "Role of the client" },
      expires: {
        kind: "parsed",
        parse: parseDuration,
        optional: true,
        brief: "End access after this time, such as 30d",
        placeholder: "time",
      },
      out: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Folder for ca.pem and cert.pem (default: print the certificate)",
        placeholder: "folder",
      },
    },
    positional: oneClient,
  },
  docs: {
    brief: "Give another person or machine access",
    fullDescription:
      "Signs a certificate for a public key, and adds the key to the gateway's list. viewer may list and inspect, without the values of variables, arguments and labels; admin may do everything, which means root on the host.",
  },
});

const revoke = buildCommand<ClientFlags, [string], Context>({
  loader: () => import("./set-state.ts").then(({ clientRevoke }) => clientRevoke),
  parameters: { flags: { line }, positional: knownClient },
  docs: { brief: "Revoke a client's access and close its open connections" },
});

const restore = buildCommand<ClientFlags, [string], Context>({
  loader: () => import("./set-state.ts").then(({ clientRestore }) => clientRestore),
  parameters: { flags: { line }, positional: knownClient },
  docs: { brief: "Restore access for a revoked client" },
});

const rm = buildCommand<ClientFlags, [string], Context>({
  loader: () => import("./set-state.ts").then(({ clientRm }) => clientRm),
  parameters: { flags: { line }, positional: knownClient },
  docs: { brief: "Remove a client from the list" },
});

export const clientRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { ls, add, revoke, restore, rm }),
  aliases: Object.create(null),
  docs: { brief: "Manage gateway clients" },
});
