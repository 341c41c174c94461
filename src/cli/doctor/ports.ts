/** The ports of a visit and of `--fix`, made from the world of a command. */
import type { FixPorts, VisitEvent, VisitPorts } from "../../app/doctor/index.ts";
import { askSelf } from "../../app/gateway-api/index.ts";
import { SECOND_MS } from "../../base/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { createFleetStore } from "../../system/identity/fleet-store.ts";
import { resolveEndpoint } from "../../system/probing/resolve-endpoint.ts";
import { SURVEY_LIMITS, survey } from "../../system/probing/survey/survey.ts";
import { sshSettings } from "../../system/ssh/ssh-settings.ts";
import { silentGatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { defaultsOf } from "../flags/defaults-of.ts";
import { openHost } from "../host/open-host.ts";
import { random } from "../host/random.ts";
import { HeldOutput } from "../many-hosts/held-output.ts";
import { up } from "../up/command.ts";
import { type UpFlags, upFlags } from "../up/flags.ts";
import { renderFix } from "./render-event.ts";

/** For one more question to a gateway that has answered others. */
const SELF_MS = 5 * SECOND_MS;

/** For visits that go on at the same time: none of them says or asks anything. */
export function silentVisitPorts(context: Context): VisitPorts {
  const terminal = { ...context.terminal, stdin: false, stderr: false };
  const silent = { ...context, terminal, stderr: new HeldOutput() };
  return {
    ...visitPorts(silent, () => {}),
    open: (target) => openHost(silent, target, { mayAsk: false }),
    signal: context.signal,
  };
}

export function visitPorts(context: Context, report: (event: VisitEvent) => void): VisitPorts {
  const { lines, env, clock } = context;
  return {
    ...{ lines, env, clock, random, report },
    fleets: createFleetStore(tetherdockHome(context)),
    outside: {
      resolve: resolveEndpoint,
      survey: (items, options) => survey(items, { ...SURVEY_LIMITS, ...options }),
    },
    waiting: async (line) =>
      (await askSelf(silentGatewayPorts(context), line, AbortSignal.timeout(SELF_MS)))?.waiting ?? [],
    // Not taken over until asked for: see createContext().
    get signal() {
      return context.signal;
    },
    hostnameOf: async (destination) => (await sshSettings(destination)).hostname,
    contextHost: async (name) => (await (await context.contexts()).read(name))?.meta.host,
    open: (target) => openHost(context, target),
  };
}

/** What `up` is asked when the user has given no option. */
export const FIX_FLAGS: UpFlags = defaultsOf(upFlags);

export function fixPorts(context: Context): FixPorts {
  return {
    up: (target) => up.call(context, { ...FIX_FLAGS, local: target === null }, target ?? undefined),
    report: (event) => context.stderr.line(renderFix(event)),
  };
}
