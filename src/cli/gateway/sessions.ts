/** `tetherdock gateway sessions`: lists the clients connected to a line's gateway, and their running requests. */
import { askSessions, callLine, readDone } from "../../app/gateway-api/index.ts";
import { quoteForeign } from "../../base/index.ts";
import type { Session } from "../../gateway/index.ts";
import { gatewayPorts } from "../api/ports.ts";
import { sessionJson } from "../api/render-session.ts";
import type { Context } from "../context.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import type { SessionsFlags } from "./flags.ts";

function toRow({ id, client, address, since, requests, operation }: Session): string[] {
  const words = [
    id,
    client ?? "-",
    address,
    new Date(since).toISOString(),
    String(requests),
    operation ?? "-",
  ];
  return words.map(quoteForeign);
}

export async function gatewaySessions(
  this: Context,
  { json, cut }: SessionsFlags,
  line?: string,
): Promise<void> {
  if (cut !== undefined) {
    const path = `sessions/${encodeURIComponent(cut)}`;
    await callLine(gatewayPorts(this), line, { method: "DELETE", path }, readDone);
    this.stdout.line(`${cut}`);
    return;
  }
  const sessions = await askSessions(gatewayPorts(this), line);
  if (json) this.stdout.json(sessions.map(sessionJson));
  else
    this.stdout.lines(
      renderTable(
        ["SESSION", "CLIENT", "ADDRESS", "SINCE", "REQUESTS", "RUNS"],
        sessions.map(toRow),
        tableWidth(this.terminal),
      ),
    );
}
