/** `tetherdock gateway sessions`: who is connected to a line's gateway, and what runs. */
import type { Session } from "../../../gateway/index.ts";
import type { Context } from "../../context.ts";
import { callLine } from "../../gateway/gateway-access.ts";
import { renderTable } from "../../render-table.ts";

export interface GatewaySessionsFlags {
  readonly json: boolean;
  readonly cut: string | undefined;
}

function toRow({ id, client, address, since, requests, operation }: Session): string[] {
  return [id, client ?? "-", address, new Date(since).toISOString(), String(requests), operation ?? "-"];
}

export async function gatewaySessions(
  this: Context,
  { json, cut }: GatewaySessionsFlags,
  line?: string,
): Promise<void> {
  if (cut !== undefined) {
    await callLine(this, line, { method: "DELETE", path: `sessions/${encodeURIComponent(cut)}` });
    this.stdout.write(`${cut}\n`);
    return;
  }
  const { sessions } = (await callLine(this, line, { method: "GET", path: "sessions" })) as {
    sessions: Session[];
  };
  if (json) this.stdout.write(`${JSON.stringify(sessions, null, 2)}\n`);
  else
    this.stdout.write(
      renderTable(["SESSION", "CLIENT", "ADDRESS", "SINCE", "REQUESTS", "RUNS"], sessions.map(toRow)),
    );
}
