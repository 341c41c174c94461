/** `tetherdock client ls`: lists the clients of a line's gateway. */
import { listClients } from "../../app/clients/index.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import type { ListFlags } from "./flags.ts";

export async function clientLs(this: Context, { json, line }: ListFlags): Promise<void> {
  const clients = await listClients({ ...gatewayPorts(this), clock: this.clock }, line);
  if (json) {
    this.stdout.json(clients);
    return;
  }
  const rows = clients.map((client) => {
    const { name, role, state, expires, fingerprint } = client;
    const key = client.state === "invited" ? `invited until ${client.until}` : "local socket";
    const jobs = "jobs" in client && client.jobs ? `jobs of ${client.jobs.issuer}` : undefined;
    return [name, role, state, expires ?? "-", jobs ?? fingerprint?.slice(0, 16) ?? key];
  });
  this.stdout.lines(
    renderTable(["CLIENT", "ROLE", "STATE", "EXPIRES", "KEY"], rows, tableWidth(this.terminal)),
  );
}
