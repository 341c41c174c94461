import { buildCommand, buildRouteMap } from "@stricli/core";
import { lineNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { fleetAuditRoutes } from "./audit-route.ts";
import { clientRoutes, revoke } from "./clients/route.ts";
import {
  type FleetFlags,
  fleetFlags,
  type HostFlags,
  hostFlags,
  type JoinFlags,
  joinFlags,
  type LeaveFlags,
  type ListFlags,
  leaveFlags,
  listFlags,
  type PushFlags,
  pushFlags,
  type SetStoreFlags,
  type StoreFlags,
  setStoreFlags,
  storeFlags,
} from "./flags.ts";
import { open, operatorRoutes, sign } from "./operators/route.ts";
import { parseFleetName } from "./parse-fleet-name.ts";
import { roleRoutes } from "./roles/route.ts";

const ls = buildCommand<ListFlags, [], Context>({
  loader: () => import("./hosts.ts").then(({ fleetLs }) => fleetLs),
  parameters: { flags: listFlags },
  docs: { brief: "List the fleets that this machine operates; asks no host and no store" },
});

const init = buildCommand<StoreFlags, [string], Context>({
  loader: () => import("./hosts.ts").then(({ fleetInit }) => fleetInit),
  parameters: {
    flags: storeFlags,
    positional: {
      kind: "tuple",
      parameters: [{ placeholder: "fleet", brief: "Name of the new fleet", parse: parseFleetName }],
    },
  },
  docs: {
    brief: "Make a fleet: several hosts with one list of clients",
    fullDescription:
      "Makes the key that signs the fleet's list, and a CA for its clients. Both stay on this machine; a host keeps neither. With --store, hosts also get newer lists from a store, which cannot change them.",
  },
});

const store = buildCommand<SetStoreFlags, [string], Context>({
  loader: () => import("./hosts.ts").then(({ fleetStore }) => fleetStore),
  parameters: {
    flags: setStoreFlags,
    positional: {
      kind: "tuple",
      parameters: [{ placeholder: "url", brief: "As for init --store; none: no store", parse: String }],
    },
  },
  docs: {
    brief: "Give a fleet another store, or none",
    fullDescription:
      "The list that names the new store goes to the old one too. Hosts that a line reaches get new credentials; others need fleet join if the new store has any.",
  },
});

const join = buildCommand<JoinFlags, string[], Context>({
  loader: () => import("./hosts.ts").then(({ fleetJoin }) => fleetJoin),
  parameters: {
    flags: joinFlags,
    positional: {
      kind: "array",
      parameter: {
        placeholder: "line",
        brief: "The line of a host with a gateway (default: the default line)",
        parse: String,
        proposeCompletions: lineNames,
      },
    },
  },
  docs: {
    brief: "Bring hosts into a fleet",
    fullDescription:
      "Each host keeps its own list of clients, and lets the fleet's clients in too. From then on it accepts only lists that the fleet's operator has signed, and never an older one.",
  },
});

const leave = buildCommand<LeaveFlags, [string], Context>({
  loader: () => import("./hosts.ts").then(({ fleetLeave }) => fleetLeave),
  parameters: {
    flags: leaveFlags,
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "host",
          brief: "Name of the host's line",
          parse: String,
          proposeCompletions: lineNames,
        },
      ],
    },
  },
  docs: { brief: "Take a host out of its fleet; the fleet's clients lose access to it" },
});

const push = buildCommand<PushFlags, [], Context>({
  loader: () => import("./hosts.ts").then(({ fleetPush }) => fleetPush),
  parameters: { flags: pushFlags },
  docs: {
    brief: "Sign the list again, so that it lasts another 90 days, and bring it to every host",
    fullDescription:
      "Hosts that could not be reached at a change get it with the next push. When a host's list ends, the fleet's clients lose access there; the host's own clients do not.",
  },
});

const status = buildCommand<FleetFlags, [], Context>({
  loader: () => import("./hosts.ts").then(({ fleetStatus }) => fleetStatus),
  parameters: { flags: fleetFlags },
  docs: {
    brief: "Show what each host has: version of the list, gateway, engine, certificate",
    fullDescription:
      "Asks each host over its line, or else through the fleet's store, where its receipt is. NOT FETCHED is the size of the host's audit log that fleet audit fetch would copy; the log of a host that answers always has a little that it has not sealed yet. Exit status 1 if a host does not have the newest list.",
  },
});

const host = buildCommand<HostFlags, [], Context>({
  loader: () => import("./host.ts").then(({ fleetHost }) => fleetHost),
  parameters: { flags: hostFlags },
  docs: {
    brief: "Follow the fleet's store in the foreground, on the host",
    fullDescription:
      "Reads the fleet's list from its store, verifies it, and hands it to the gateway beside it, which verifies it again. systemd runs it as tetherdock-fleet.service. SIGTERM: stop.",
  },
});

export const fleetRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), {
    ls,
    init,
    store,
    join,
    leave,
    status,
    push,
    revoke,
    client: clientRoutes,
    role: roleRoutes,
    operator: operatorRoutes,
    sign,
    open,
    host,
    audit: fleetAuditRoutes,
  }),
  aliases: Object.create(null),
  docs: { brief: "Manage one list of clients and roles for several hosts" },
});
