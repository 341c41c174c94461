/** Wires up `fleet client`, and `fleet revoke`, which is the same as `fleet client revoke`. */
import { buildCommand, buildRouteMap } from "@stricli/core";
import { fleetClientNames } from "../../completion/values.ts";
import type { Context } from "../../context.ts";
import { type NewEnd, newEnd, newRole } from "../../flags/parameters.ts";
import { parseClientName } from "../../flags/parse-client-name.ts";
import {
  type AddFlags,
  addFlags,
  type FleetFlags,
  fleetFlags,
  type RenewFlags,
  renewFlags,
  type ShowClientFlags,
  showClientFlags,
} from "../flags.ts";

const known = {
  placeholder: "client",
  brief: "Name of the client",
  parse: parseClientName,
  proposeCompletions: fleetClientNames,
} as const;

export const revoke = buildCommand<FleetFlags, [string], Context>({
  loader: () => import("./clients.ts").then(({ fleetClientRevoke }) => fleetClientRevoke),
  parameters: { flags: fleetFlags, positional: { kind: "tuple", parameters: [known] } },
  docs: {
    brief: "Revoke a client's key on every host, and close its connections",
    fullDescription:
      "Returns when every host has confirmed, and names those that have not. A revoked key never gets in again, on any host that has seen it revoked.",
  },
});

export const clientRoutes = buildRouteMap<string, Context>({
  routes: Object.assign(Object.create(null), {
    ls: buildCommand<FleetFlags, [], Context>({
      loader: () => import("./clients.ts").then(({ fleetClientLs }) => fleetClientLs),
      parameters: { flags: fleetFlags },
      docs: { brief: "List the clients of a fleet, and their roles" },
    }),
    add: buildCommand<AddFlags, [string], Context>({
      loader: () => import("./clients.ts").then(({ fleetClientAdd }) => fleetClientAdd),
      parameters: {
        flags: addFlags,
        positional: {
          kind: "tuple",
          parameters: [
            {
              placeholder: "client",
              brief: "Name of the client, such as anna@laptop",
              parse: parseClientName,
            },
          ],
        },
      },
      docs: { brief: "Give a person or machine access to every host of a fleet" },
    }),
    show: buildCommand<ShowClientFlags, [string], Context>({
      loader: () => import("./show.ts").then(({ fleetClientShow }) => fleetClientShow),
      parameters: { flags: showClientFlags, positional: { kind: "tuple", parameters: [known] } },
      docs: {
        brief: "Show a client: its role, its end, and what it did on each host",
        fullDescription:
          "Copies what is new of each host's audit log, as fleet audit fetch does, and sums up the copies. Exit status 1 if a host could not be reached.",
      },
    }),
    renew: buildCommand<RenewFlags, [string], Context>({
      loader: () => import("./clients.ts").then(({ fleetClientRenew }) => fleetClientRenew),
      parameters: { flags: renewFlags, positional: { kind: "tuple", parameters: [known] } },
      docs: {
        brief: "Sign another certificate for a client's key, before the one that it has ends",
        fullDescription:
          "For the same key: the fleet's list and its hosts stay as they are. The client replaces cert.pem, or runs tetherdock renew LINE --certificate FILE.",
      },
    }),
    role: buildCommand<FleetFlags, [string, string], Context>({
      loader: () => import("./clients.ts").then(({ fleetClientRole }) => fleetClientRole),
      parameters: {
        flags: fleetFlags,
        positional: {
          kind: "tuple",
          parameters: [known, newRole],
        },
      },
      docs: { brief: "Give a client another role on every host" },
    }),
    expires: buildCommand<FleetFlags, [string, NewEnd], Context>({
      loader: () => import("./clients.ts").then(({ fleetClientExpires }) => fleetClientExpires),
      parameters: { flags: fleetFlags, positional: { kind: "tuple", parameters: [known, newEnd] } },
      docs: { brief: "Move the end of a client's access on every host" },
    }),
    revoke,
    rm: buildCommand<FleetFlags, [string], Context>({
      loader: () => import("./clients.ts").then(({ fleetClientRm }) => fleetClientRm),
      parameters: { flags: fleetFlags, positional: { kind: "tuple", parameters: [known] } },
      docs: { brief: "Revoke a client's key on every host, and remove its name from the list" },
    }),
  }),
  aliases: Object.create(null),
  docs: { brief: "Manage the clients of a fleet" },
});
