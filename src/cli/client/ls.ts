/** `tetherdock client ls`: who may use a line that a gateway guards. */
import type { Client } from "../../identity/index.ts";
import { listClients } from "../api/client-list.ts";
import type { Context } from "../context.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";

export interface ClientLsFlags {
  readonly json: boolean;
  readonly line: string | undefined;
}

function stateOf({ state, expires }: Client, now: number): string {
  return state === "active" && expires !== null && Date.parse(expires) <= now ? "expired" : state;
}

export async function clientLs(this: Context, { json, line }: ClientLsFlags): Promise<void> {
  const clients = await listClients(this, line);
  const now = this.clock();
  if (json) {
    const told = clients.map((client) => ({ ...client, state: stateOf(client, now) }));
    this.stdout.json(told);
    return;
  }
  const rows = clients.map((client) => [
    client.name,
    client.role,
    stateOf(client, now),
    client.expires ?? "-",
    client.fingerprint?.slice(0, 16) ?? "local socket",
  ]);
  this.stdout.lines(
    renderTable(["CLIENT", "ROLE", "STATE", "EXPIRES", "KEY"], rows, tableWidth(this.terminal)),
  );
}
