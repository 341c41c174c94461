/** The command tree. Each route tells its options; what it does is loaded when it runs. */
import { type Application, buildApplication, buildRouteMap, help, version } from "@stricli/core";
import type { Context } from "./context.ts";
import { auditRoutes } from "./routes/audit.ts";
import { clientRoutes } from "./routes/client.ts";
import { completionRoute } from "./routes/completion.ts";
import { contextRoutes } from "./routes/context.ts";
import { doctorRoute } from "./routes/doctor.ts";
import { downRoute } from "./routes/down.ts";
import { envRoute } from "./routes/env.ts";
import { createExplainRoute } from "./routes/explain.ts";
import { gatewayRoutes } from "./routes/gateway.ts";
import { lsRoute } from "./routes/ls.ts";
import { runRoute } from "./routes/run.ts";
import { statusRoute } from "./routes/status.ts";
import { topologyRoute } from "./routes/topology.ts";
import { upRoute } from "./routes/up.ts";
import { useRoute } from "./routes/use.ts";
import { versionRoute } from "./routes/version.ts";
import { createUsageText } from "./usage-text.ts";
import { VERSION } from "./version.ts";

const FORMATTING = {
  caseStyle: "convert-camel-to-kebab",
  useAliasInUsageLine: false,
  onlyRequiredInUsageLine: false,
  alwaysShowHelpAllFlag: false,
  disableAnsiColor: false,
} as const;

/**
 * The application for @stricli/core.
 * @param args the command line, for the hints of usage errors
 * @param keep receives every failure, the user's and the command's alike
 */
export function createApplication(
  args: readonly string[],
  keep: (failure: unknown) => void,
): Application<Context> {
  const text = createUsageText(args, keep);
  const root = buildRouteMap<string, Context>({
    // No prototype: stricli looks words up in it, and "toString" is not a command.
    routes: Object.assign(Object.create(null), {
      up: upRoute,
      down: downRoute,
      ls: lsRoute,
      status: statusRoute,
      doctor: doctorRoute,
      topology: topologyRoute,
      env: envRoute,
      use: useRoute,
      run: runRoute,
      explain: createExplainRoute(args),
      context: contextRoutes,
      audit: auditRoutes,
      client: clientRoutes,
      gateway: gatewayRoutes,
      completion: completionRoute,
      version: versionRoute,
    }),
    aliases: Object.assign(Object.create(null), { list: "ls", rm: "down" }),
    docs: {
      brief: "Use Docker on a remote host as if it were local, and keep everybody else out.",
    },
  });
  return buildApplication<Context>(
    root,
    {
      name: "tetherdock",
      scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
      documentation: FORMATTING,
      localization: { text },
    },
    {
      help: help({ brief: text.briefs.help, defaultForRouteMap: true, formatting: FORMATTING }),
      version: version({ brief: text.briefs.version, alias: "V", info: { currentVersion: VERSION } }),
    },
  );
}
