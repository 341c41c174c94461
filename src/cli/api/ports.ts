/** The ports for calls of a line's gateway, made from the world of a command. */
import type { GatewayPorts } from "../../app/gateway-api/index.ts";
import { callGateway, readGatewayLines } from "../../system/api/gateway-client.ts";
import type { Context } from "../context.ts";
import { during } from "../output/activity.ts";

export function gatewayPorts(context: Context): GatewayPorts {
  const { lines, env } = context;
  const gateway: GatewayPorts["gateway"] = {
    call: (access, call, reader) =>
      during(context, "asking the gateway", () => callGateway(access, call, reader)),
    lines: readGatewayLines,
  };
  return { lines, env, gateway };
}
