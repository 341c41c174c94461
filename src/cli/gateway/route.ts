import { buildCommand, buildRouteMap } from "@stricli/core";
import type { Context } from "../context.ts";
import { jsonFlag, optionalLine } from "../flags/parameters.ts";
import type { GatewayCheckFlags } from "./check.ts";
import type { GatewayRunFlags } from "./serve.ts";
import type { GatewaySessionsFlags } from "./sessions.ts";
import type { GatewayStatusFlags } from "./status.ts";

const config = {
  kind: "parsed",
  parse: String,
  default: "/etc/tetherdock/gateway.json",
  brief: "The gateway's configuration file",
  placeholder: "file",
} as const;

const run = buildCommand<GatewayRunFlags, [], Context>({
  loader: () => import("./serve.ts").then(({ gatewayRun }) => gatewayRun),
  parameters: { flags: { config } },
  docs: {
    brief: "Run a gateway in the foreground, on the host",
    fullDescription:
      "Runs the gateway: mutual TLS in front of Docker's local socket. tetherdock up --gateway installs it as a systemd unit, which runs this command. SIGHUP: reload certificates and clients. SIGTERM: finish running requests, then stop.",
  },
});

const check = buildCommand<GatewayCheckFlags, [], Context>({
  loader: () => import("./check.ts").then(({ gatewayCheck }) => gatewayCheck),
  parameters: { flags: { config, json: jsonFlag } },
  docs: { brief: "Check whether a gateway would start with this configuration" },
});

const status = buildCommand<GatewayStatusFlags, [string?], Context>({
  loader: () => import("./status.ts").then(({ gatewayStatus }) => gatewayStatus),
  parameters: { flags: { json: jsonFlag }, positional: optionalLine },
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

const sessions = buildCommand<GatewaySessionsFlags, [string?], Context>({
  loader: () => import("./sessions.ts").then(({ gatewaySessions }) => gatewaySessions),
  parameters: {
    flags: {
      json: jsonFlag,
      cut: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Close this session, including streams",
        placeholder: "session",
      },
    },
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
