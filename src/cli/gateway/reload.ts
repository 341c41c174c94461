/** `tetherdock gateway reload`: has a line's gateway read its files again. */

import { readDone } from "../api/answers.ts";
import { callLine } from "../api/gateway-access.ts";
import type { Context } from "../context.ts";

/** @throws GATEWAY_REFUSED with what could not be taken over: it stays as it was */
export async function gatewayReload(
  this: Context,
  _flags: Record<never, never>,
  line?: string,
): Promise<void> {
  await callLine(this, line, { method: "POST", path: "reload" }, readDone);
  this.stdout.line("reloaded");
}
