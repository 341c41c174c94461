/** The command tree. Each route declares its options; its code is loaded when it runs. */
import { type Application, buildApplication, buildRouteMap, type RouteMap, version } from "@stricli/core";
import { agentRoutes } from "./agent/route.ts";
import { auditRoutes } from "./audit/route.ts";
import { ciLoginRoute } from "./ci-login/route.ts";
import { clientRoutes } from "./client/route.ts";
import { completionRoute } from "./completion/route.ts";
import { contextRoutes } from "./context/route.ts";
import type { Context } from "./context.ts";
import { doctorRoute } from "./doctor/route.ts";
import { downRoute } from "./down/route.ts";
import { envRoute } from "./env/route.ts";
import { createExplainRoute } from "./explain/route.ts";
import { exportRoute } from "./export/route.ts";
import { fleetRoutes } from "./fleet/route.ts";
import { gatewayRoutes } from "./gateway/route.ts";
import { helpFlag } from "./help/help-flag.ts";
import { createHelpRoute } from "./help/route.ts";
import { importRoute } from "./import/route.ts";
import { joinRoute } from "./join/route.ts";
import { lendRoute } from "./lend/route.ts";
import { lsRoute } from "./ls/route.ts";
import { createUsageText } from "./output/usage-text.ts";
import { policyRoutes } from "./policy/route.ts";
import { renewRoute } from "./renew/route.ts";
import { runRoute } from "./run/route.ts";
import { statusRoute } from "./status/route.ts";
import { topologyRoute } from "./topology/route.ts";
import { upRoute } from "./up/route.ts";
import { upgradeRoute } from "./upgrade/route.ts";
import { useRoute } from "./use/route.ts";
import { versionRoute } from "./version/route.ts";
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
 * @param context where help goes
 * @param keep receives every failure, the user's and the command's alike
 */
export function createApplication(
  args: readonly string[],
  context: Pick<Context, "stdout" | "terminal">,
  keep: (failure: unknown) => void,
): Application<Context> {
  const text = createUsageText(args, keep);
  const root: RouteMap<Context> = buildRouteMap<string, Context>({
    // No prototype: stricli looks words up in it, and "toString" is not a command.
    routes: Object.assign(Object.create(null), {
      up: upRoute,
      down: downRoute,
      upgrade: upgradeRoute,
      ls: lsRoute,
      status: statusRoute,
      doctor: doctorRoute,
      topology: topologyRoute,
      env: envRoute,
      join: joinRoute,
      "ci-login": ciLoginRoute,
      import: importRoute,
      export: exportRoute,
      renew: renewRoute,
      use: useRoute,
      run: runRoute,
      lend: lendRoute,
      explain: createExplainRoute(args),
      context: contextRoutes,
      agent: agentRoutes,
      audit: auditRoutes,
      client: clientRoutes,
      policy: policyRoutes,
      fleet: fleetRoutes,
      gateway: gatewayRoutes,
      completion: completionRoute,
      help: createHelpRoute(() => root),
      version: versionRoute,
    }),
    aliases: Object.assign(Object.create(null), { list: "ls", rm: "down" }),
    docs: {
      brief: "Use Docker on a remote host as if it were local, and keep everybody else out.",
      fullDescription: [
        "Use Docker on a remote host as if it were local, and keep everybody else out.",
        "",
        "  tetherdock up core@vps.example           set a host up, and prove that only you get in",
        '  eval "$(tetherdock env)"; docker ps      use its engine',
        "  tetherdock help                          topics, errors, findings; needs no network",
      ].join("\n"),
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
      help: helpFlag(context),
      version: version({ brief: text.briefs.version, alias: "V", info: { currentVersion: VERSION } }),
    },
  );
}
