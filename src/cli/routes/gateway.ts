import { buildCommand, buildRouteMap } from "@stricli/core";
import type { GatewayCheckFlags } from "../commands/gateway/check.ts";
import type { GatewayRunFlags } from "../commands/gateway/run.ts";
import type { GatewaySessionsFlags } from "../commands/gateway/sessions.ts";
import type { GatewayStatusFlags } from "../commands/gateway/status.ts";
import type { Context } from "../context.ts";
import { jsonFlag, optionalLine } from "./parameters.ts";

const config = {
  kind: "parsed",
  parse: String,
  default: "/etc/tetherdock/gateway.json",
  brief: "The gateway's configuration",
  placeholder: "file",
} as const;

const run = buildCommand<GatewayRunFlags, [], Context>({
  loader: () => import("../commands/gateway/run.ts").then(({ gatewayRun }) => gatewayRun),
  parameters: { flags: { config } },
  docs: {
    brief: "Run a gateway in the foreground, on the host itself",
    fullDescription:
      "Runs the gateway: mutual TLS in front of Docker's local socket. tetherdock up --gateway installs it as a systemd unit, so that nobody has to type this. SIGHUP: read certificates and clients again. SIGTERM: let what runs come to its end, then stop.",
  },
});

const check = buildCommand<GatewayCheckFlags, [], Context>({
  loader: () => import("../commands/gateway/check.ts").then(({ gatewayCheck }) => gatewayCheck),
  parameters: { flags: { config, json: jsonFlag } },
  docs: { brief: "Tell whether a gateway would start with these files" },
});

const status = buildCommand<GatewayStatusFlags, [string?], Context>({
  loader: () => import("../commands/gateway/status.ts").then(({ gatewayStatus }) => gatewayStatus),
  parameters: { flags: { json: jsonFlag }, positional: optionalLine },
  docs: {
    brief: "Ask a line's gateway how it is",
    fullDescription:
      "Asks the gateway of a line for its version, its connections, whether its audit log can be written, and what it could not take over when its files changed. Exit status 0: all is well; 1: something is not.",
  },
});

const reload = buildCommand<Record<never, never>, [string?], Context>({
  loader: () => import("../commands/gateway/reload.ts").then(({ gatewayReload }) => gatewayReload),
  parameters: { positional: optionalLine },
  docs: { brief: "Have a line's gateway read certificates, clients and roles again" },
});

const sessions = buildCommand<GatewaySessionsFlags, [string?], Context>({
  loader: () => import("../commands/gateway/sessions.ts").then(({ gatewaySessions }) => gatewaySessions),
  parameters: {
    flags: {
      json: jsonFlag,
      cut: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "End this session, streams too",
        placeholder: "session",
      },
    },
    positional: optionalLine,
  },
  docs: { brief: "List who is connected to a line's gateway, and what runs" },
});

export const gatewayRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { run, check, status, reload, sessions }),
  aliases: Object.create(null),
  docs: { brief: "Guard an engine by a gateway in front of its local socket" },
});
