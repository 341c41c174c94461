/** Revokes one client, restores it, or removes it from the list; nobody else is affected. */
import { callLine, type GatewayPorts, readDone } from "../gateway-api/index.ts";
import { requireKnown } from "./list-clients.ts";

/** A revoked client stays on the list, so that its key cannot be added again unnoticed. */
export type ClientChange = "revoke" | "restore" | "remove";

/**
 * @param line as typed; undefined: the one that is meant when none is named
 * @throws CLIENT_UNKNOWN; GATEWAY_REFUSED when it is the last admin; GATEWAY_UNREACHABLE
 */
export async function changeClient(
  ports: GatewayPorts,
  change: ClientChange,
  line: string | undefined,
  name: string,
): Promise<void> {
  await requireKnown(ports, line, name);
  const path = `clients/${encodeURIComponent(name)}`;
  const call =
    change === "remove"
      ? ({ method: "DELETE", path } as const)
      : ({ method: "POST", path: `${path}/${change}` } as const);
  await callLine(ports, line, call, readDone);
}
