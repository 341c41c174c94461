/** From a line to its gateway's admin API. */
import type { json } from "../../base/index.ts";
import type { GatewayAccess, GatewayCall } from "../../gateway/index.ts";
import { lineEndpoint, wayTo } from "../../line/index.ts";
import { pickLine } from "../lines/index.ts";
import type { GatewayPorts } from "./ports.ts";

/**
 * @param argument the line as typed; undefined: the one that is meant when none is named
 * @throws LINE_UNKNOWN, LINE_NONE, LINE_AMBIGUOUS, LINE_BROKEN
 */
export async function gatewayAccess(
  ports: Omit<GatewayPorts, "gateway">,
  argument: string | undefined,
): Promise<GatewayAccess> {
  const line = await ports.lines.read(await pickLine(ports, argument));
  const read = (file: "ca" | "cert" | "key") => ports.lines.readFile(line.name, `docker/${file}.pem`);
  const [caPem, certPem, keyPem] = await Promise.all([read("ca"), read("cert"), read("key")]);
  return { line: line.name, destination: wayTo(line), endpoint: lineEndpoint(line), caPem, certPem, keyPem };
}

/**
 * One call of a line's gateway.
 * @throws what {@link gatewayAccess} throws; GATEWAY_UNREACHABLE, GATEWAY_REFUSED
 */
export async function callLine<T>(
  ports: GatewayPorts,
  argument: string | undefined,
  call: GatewayCall,
  reader: json.Read<T>,
): Promise<T> {
  return ports.gateway.call(await gatewayAccess(ports, argument), call, reader);
}
