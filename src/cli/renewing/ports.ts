/** The ports of `renew`, made from the world of a command. */
import type { RenewPorts } from "../../app/renew/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { askToRenew, RENEW_MS } from "../../system/api/renew-client.ts";
import { createPendingRenewals } from "../../system/renewing/pending-renewal.ts";
import type { Context } from "../context.ts";
import { askPassphrase } from "../host/passphrase.ts";
import { random } from "../host/random.ts";
import { during } from "../output/activity.ts";

/** @param timeMs for the gateway's answer */
export function renewPorts(context: Context, timeMs = RENEW_MS): RenewPorts {
  const { lines, env, clock } = context;
  return {
    ...{ lines, env, clock, random },
    contexts: () => context.contexts(),
    pending: createPendingRenewals(tetherdockHome(context)),
    passphrase: (line) => askPassphrase(context, line),
    ask: (...asked) => during(context, "asking the gateway", () => askToRenew(...asked, timeMs)),
  };
}
