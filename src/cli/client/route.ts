import { buildCommand, buildRouteMap } from "@stricli/core";
import { ROLES } from "../../policy/index.ts";
import { type ApproveFlags, approveFlags } from "../approve/flags.ts";
import { clientNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { type NewEnd, newEnd, newRole } from "../flags/parameters.ts";
import { parseClientName } from "../flags/parse-client-name.ts";
import {
  type AddFlags,
  addFlags,
  type ChangeFlags,
  changeFlags,
  type InviteFlags,
  inviteFlags,
  type ListFlags,
  listFlags,
  type RevokeFlags,
  revokeFlags,
  type ShowFlags,
  showFlags,
  type ThingsFlags,
  thingsFlags,
} from "./flags.ts";

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

const ls = buildCommand<ListFlags, [], Context>({
  loader: () => import("./ls.ts").then(({ clientLs }) => clientLs),
  parameters: { flags: listFlags },
  docs: { brief: "List the clients of a line, and their roles" },
});

const show = buildCommand<ShowFlags, [string], Context>({
  loader: () => import("./show.ts").then(({ clientShow }) => clientShow),
  parameters: { flags: showFlags, positional: knownClient },
  docs: {
    brief: "Show what a client may do, has open, and did",
    fullDescription:
      "Shows the role and key of a client, when it was last connected, its open connections and their streams, and from the audit log what it did between two times, and what it was refused.",
  },
});

const things = buildCommand<ThingsFlags, [], Context>({
  loader: () => import("./things.ts").then(({ clientThings }) => clientThings),
  parameters: { flags: thingsFlags },
  docs: {
    brief: "List what clients have made on the engine",
    fullDescription:
      "Lists the containers, networks and volumes that clients with restricted roles have made, by the label that the gateway has put there, with the client's name. What was made by a client that is no longer on the list has none.",
  },
});

const add = buildCommand<AddFlags, [string], Context>({
  loader: () => import("./add.ts").then(({ clientAdd }) => clientAdd),
  parameters: {
    flags: addFlags,
    positional: oneClient,
  },
  docs: {
    brief: "Give another person or machine access",
    fullDescription: `Signs a certificate for a public key, and adds the key to the gateway's list. ${ROLES.map(({ name, may }) => `${name} may ${may}`).join("; ")}.`,
  },
});

const invite = buildCommand<InviteFlags, [string], Context>({
  loader: () => import("./invite.ts").then(({ clientInvite }) => clientInvite),
  parameters: { flags: inviteFlags, positional: oneClient },
  docs: {
    brief: "Invite another person or machine to join",
    fullDescription:
      "Prints a token that works once and for a short time. tetherdock join, on the other machine, makes a key there and sets up a line. client rm takes an invitation back.",
  },
});

const approve = buildCommand<ApproveFlags, [string], Context>({
  loader: () => import("../approve/command.ts").then(({ clientApprove }) => clientApprove),
  parameters: { flags: approveFlags, positional: knownClient },
  docs: {
    brief: "Approve the key of a machine that asks to join",
    fullDescription:
      "Signs a certificate with the line's CA key, for an invitation that was made here with client invite --approve. Compare the fingerprint with the one that tetherdock join prints. client rm denies the request.",
  },
});

const role = buildCommand<ChangeFlags, [string, string], Context>({
  loader: () => import("./change.ts").then(({ clientRole }) => clientRole),
  parameters: {
    flags: changeFlags,
    positional: {
      kind: "tuple",
      parameters: [...knownClient.parameters, newRole],
    },
  },
  docs: {
    brief: "Give a client another role",
    fullDescription:
      "The client keeps its key, its certificate and what it has made. Its open connections are closed, and it connects again with the new role.",
  },
});

const rename = buildCommand<ChangeFlags, [string, string], Context>({
  loader: () => import("./change.ts").then(({ clientRename }) => clientRename),
  parameters: {
    flags: changeFlags,
    positional: {
      kind: "tuple",
      parameters: [
        ...knownClient.parameters,
        { placeholder: "name", brief: "The new name", parse: parseClientName },
      ],
    },
  },
  docs: {
    brief: "Give a client another name",
    fullDescription:
      "The client keeps its key, its certificate, what it has made, and its open connections. Its certificate has the new name from the next renewal through the gateway on; nothing depends on it.",
  },
});

const expires = buildCommand<ChangeFlags, [string, NewEnd], Context>({
  loader: () => import("./change.ts").then(({ clientExpires }) => clientExpires),
  parameters: {
    flags: changeFlags,
    positional: { kind: "tuple", parameters: [...knownClient.parameters, newEnd] },
  },
  docs: {
    brief: "Move the end of a client's access",
    fullDescription:
      "Moves the end of a client's access, also after it has passed. The client keeps its key, its role and what it has made, and its open connections go on until the new end.",
  },
});

const revoke = buildCommand<RevokeFlags, [string], Context>({
  loader: () => import("./change.ts").then(({ clientRevoke }) => clientRevoke),
  parameters: { flags: revokeFlags, aliases: { y: "yes", n: "dryRun" }, positional: knownClient },
  docs: {
    brief: "Revoke a client's access and close its open connections",
    fullDescription:
      "A gateway revokes it at once. In native mode the line gets a new CA, over ssh and with one restart of docker; the other clients that were approved here need the files that it writes, which tetherdock renew --certificate takes on their machines.",
  },
});

const restore = buildCommand<ChangeFlags, [string], Context>({
  loader: () => import("./change.ts").then(({ clientRestore }) => clientRestore),
  parameters: { flags: changeFlags, positional: knownClient },
  docs: { brief: "Restore access for a revoked client" },
});

const rm = buildCommand<ChangeFlags, [string], Context>({
  loader: () => import("./change.ts").then(({ clientRm }) => clientRm),
  parameters: { flags: changeFlags, positional: knownClient },
  docs: { brief: "Remove a client from the list" },
});

export const clientRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), {
    ls,
    show,
    things,
    invite,
    approve,
    add,
    role,
    rename,
    expires,
    revoke,
    restore,
    rm,
  }),
  aliases: Object.create(null),
  docs: { brief: "Manage gateway clients" },
});
