/** The ports for calls of a line's gateway, made from the world of a command. */
import type { GatewayPorts } from "../../app/gateway-api/index.ts";
import { expiryWarning } from "../../app/lines/index.ts";
import type { GatewayAccess } from "../../gateway/index.ts";
import { callGateway, readGatewayLines } from "../../system/api/gateway-client.ts";
import type { Context } from "../context.ts";
import { tellExpiry } from "../lines/warn-expiry.ts";
import { during } from "../output/activity.ts";

/** For Tab, which must write nothing but words. */
export function silentGatewayPorts({ lines, env }: Context): GatewayPorts {
  return { lines, env, gateway: { call: callGateway, lines: readGatewayLines } };
}

/** They warn once if the line's certificate expires soon: a gateway only ends the handshake if it has expired. */
export function gatewayPorts(context: Context): GatewayPorts {
  const { lines, env, clock } = context;
  let isTold = false;
  const warnOnce = async ({ line, certPem }: GatewayAccess): Promise<void> => {
    if (isTold) return;
    isTold = true;
    tellExpiry(context, await expiryWarning({ lines }, await lines.read(line), certPem, clock()));
  };
  const gateway: GatewayPorts["gateway"] = {
    call: async (access, call, reader) => {
      await warnOnce(access);
      return during(context, "asking the gateway", () => callGateway(access, call, reader));
    },
    lines: async function* (access, call) {
      await warnOnce(access);
      yield* readGatewayLines(access, call);
    },
  };
  return { lines, env, gateway };
}
