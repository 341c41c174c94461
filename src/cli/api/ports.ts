/** The ports for calls of a line's gateway, made from the world of a command. */
import type { GatewayPorts } from "../../app/gateway-api/index.ts";
import { expiryWarning } from "../../app/lines/index.ts";
import type { GatewayAccess } from "../../gateway/index.ts";
import { callGateway, readGatewayLines } from "../../system/api/gateway-client.ts";
import type { Context } from "../context.ts";
import { during } from "../output/activity.ts";
import { warn } from "../output/warn.ts";
import { renewInPassing } from "../renewing/in-passing.ts";

/** For Tab, which must write nothing but words. */
export function silentGatewayPorts({ lines, env }: Context): GatewayPorts {
  return { lines, env, gateway: { call: callGateway, lines: readGatewayLines } };
}

/**
 * They renew the line's certificate if it is due, and warn once if it still expires soon: a gateway only ends the handshake if
 * it has expired.
 */
export function gatewayPorts(context: Context): GatewayPorts {
  const { lines, env, clock } = context;
  let isTold = false;
  const renewOnce = async (access: GatewayAccess): Promise<GatewayAccess> => {
    if (isTold) return access;
    isTold = true;
    await renewInPassing(context, access.line);
    const certPem = await lines.readFile(access.line, "docker/cert.pem");
    warn(context, await expiryWarning({ lines }, await lines.read(access.line), certPem, clock()));
    return { ...access, certPem };
  };
  const gateway: GatewayPorts["gateway"] = {
    call: async (access, call, reader) => {
      const renewed = await renewOnce(access);
      return during(context, "asking the gateway", () => callGateway(renewed, call, reader));
    },
    lines: async function* (access, call) {
      yield* readGatewayLines(await renewOnce(access), call);
    },
  };
  return { lines, env, gateway };
}
