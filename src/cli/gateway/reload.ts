/** `tetherdock gateway reload`: has a line's gateway read its files again. */

import { callLine, readDone } from "../../app/gateway-api/index.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";

/** @throws GATEWAY_REFUSED with what could not be taken over: it stays as it was */
export async function gatewayReload(
  this: Context,
  _flags: Record<never, never>,
  line?: string,
): Promise<void> {
  await callLine(gatewayPorts(this), line, { method: "POST", path: "reload" }, readDone);
  this.stdout.line("reloaded");
}
