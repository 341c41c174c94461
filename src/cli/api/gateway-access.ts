/** From a line to its gateway's own API. */
import { pickLine } from "../../app/lines/index.ts";
import type { json } from "../../base/index.ts";
import { lineEndpoint } from "../../line/index.ts";
import { callGateway, type GatewayAccess, type GatewayCall } from "../../system/api/gateway-client.ts";
import type { Context } from "../context.ts";
import { during } from "../output/activity.ts";

/** @param argument the line as typed @throws LINE_UNKNOWN, LINE_NONE, LINE_AMBIGUOUS, LINE_BROKEN */
export async function gatewayAccess(context: Context, argument: string | undefined): Promise<GatewayAccess> {
  const line = await context.lines.read(await pickLine(context, argument));
  const read = (file: "ca" | "cert" | "key") => context.lines.readFile(line.name, `docker/${file}.pem`);
  const [caPem, certPem, keyPem] = await Promise.all([read("ca"), read("cert"), read("key")]);
  return { endpoint: lineEndpoint(line), caPem, certPem, keyPem };
}

/**
 * One call of a line's gateway.
 * @throws what {@link gatewayAccess} throws; GATEWAY_UNREACHABLE, GATEWAY_REFUSED
 */
export async function callLine<T>(
  context: Context,
  argument: string | undefined,
  call: GatewayCall,
  reader: json.Read<T>,
): Promise<T> {
  const access = await gatewayAccess(context, argument);
  return during(context, "asking the gateway", () => callGateway(access, call, reader));
}
