/** `tetherdock gateway status`: shows the status of a line's gateway. */
import { callLine, readStatus } from "../../app/gateway-api/index.ts";
import { counted, quoteForeign } from "../../base/index.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { warn } from "../output/warn.ts";
import type { StatusFlags } from "./flags.ts";

/** Exit status 1 if the gateway reports a problem. */
export async function gatewayStatus(this: Context, { json }: StatusFlags, line?: string): Promise<void> {
  const told = await callLine(gatewayPorts(this), line, { method: "GET", path: "status" }, readStatus);
  const { version, connections, audit, problems } = told;
  if (audit !== "ok" || problems.length > 0) this.setExitStatus(1);
  if (json) {
    this.stdout.json(told);
    return;
  }
  this.stdout.line(
    `gateway ${quoteForeign(version)}: ${counted(connections, "connection")}, audit ${quoteForeign(audit)}`,
  );
  for (const problem of problems) warn(this, `the gateway says ${quoteForeign(problem)}`);
}
