/** `tetherdock gateway status`: what a line's gateway says of itself. */
import type { Context } from "../../context.ts";
import { callLine } from "../../gateway/gateway-access.ts";

export interface GatewayStatusFlags {
  readonly json: boolean;
}

interface Told {
  readonly version: string;
  readonly connections: number;
  readonly audit: string;
  readonly problems: readonly string[];
}

/** Exit status 1 when the gateway has something to complain of. */
export async function gatewayStatus(
  this: Context,
  { json }: GatewayStatusFlags,
  line?: string,
): Promise<void> {
  const told = (await callLine(this, line, { method: "GET", path: "status" })) as Told;
  const { version, connections, audit, problems } = told;
  if (audit !== "ok" || problems.length > 0) this.setExitStatus(1);
  if (json) {
    this.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  this.stdout.write(`gateway ${version}: ${connections} connections, audit ${audit}\n`);
  for (const problem of problems) this.stderr.write(`warning: ${problem}\n`);
}
