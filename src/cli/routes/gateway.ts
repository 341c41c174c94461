import { buildCommand, buildRouteMap } from "@stricli/core";
import type { GatewayCheckFlags } from "../commands/gateway/check.ts";
import type { GatewayRunFlags } from "../commands/gateway/run.ts";
import type { Context } from "../context.ts";
import { jsonFlag } from "./parameters.ts";

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

export const gatewayRoutes = buildRouteMap<string, Context>({
  // No prototype: see application.ts.
  routes: Object.assign(Object.create(null), { run, check }),
  aliases: Object.create(null),
  docs: { brief: "Guard an engine by a gateway in front of its local socket" },
});
