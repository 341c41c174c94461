import { buildCommand, buildRouteMap } from "@stricli/core";
import type { Context } from "../context.ts";
import { optionalLine } from "../flags/parameters.ts";
import {
  type CheckFlags,
  checkFlags,
  type RunFlags,
  runFlags,
  type SessionsFlags,
  type StatusFlags,
  sessionsFlags,
  statusFlags,
} from "./flags.ts";

const run = buildCommand<RunFlags, [], Context>({
  loader: () => import("./serve.ts").then(({ gatewayRun }) => gatewayRun),
  parameters: { flags: runFlags },
  docs: {
    brief: "Run a gateway in the foreground, on the host",
    fullDescription:
      "Runs the gateway: mutual TLS in front of Docker's local socket. tetherdock up --gateway installs it as a systemd unit, which runs this command. SIGHUP: reload certificates and clients. SIGTERM: finish running requests, then stop.",
  },
});

const check = buildCommand<CheckFlags, [], Context>({
  loader: () => import("./check.ts").then(({ gatewayCheck }) => gatewayCheck),
  parameters: { flags: checkFlags },
  docs: { brief: "Check whether a gateway would start with this configuration" },
});

const status = buildCommand<StatusFlags, [string?], Context>({
  loader: () => import("./status.ts").then(({ gatewayStatus }) => gatewayStatus),
  parameters: { flags: statusFlags, positional: optionalLine },
  docs: {
    brief: "Show gateway status",
    fullDescription:
      "Shows the version of a line's gateway, its connections, whether its audit log can be written, and errors from the last reload. Exit status 0: no problems; 1: problems.",
  },
});

const reload = buildCommand<Record<never, never>, [string?], Context>({
  loader: () => import("./reload.ts").then(({ gatewayReload }) => gatewayReload),
  parameters: { positional: optionalLine },
  docs: { brief: "Reload the gateway's certificates, clients and roles" },
});

const sessions = buildCommand<SessionsFlags, [string?], Context>({
  loader: () => import("./sessions.ts").then(({ gatewaySessions }) => gatewaySessions),
  parameters: {
    flags: sessionsFlags,
    positional: optionalLine,
  },
  docs: { brief: "List clients connected to a gateway, and running requests" },
});

export const gatewayRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { run, check, status, reload, sessions }),
  aliases: Object.create(null),
  docs: { brief: "Run and manage a line's gateway" },
});
