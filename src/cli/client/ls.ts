/** `tetherdock client ls`: lists the clients of a line's gateway. */
import { listClients } from "../../app/clients/index.ts";
import { pickLine } from "../../app/lines/index.ts";
import { gatewayPorts } from "../api/ports.ts";
import { whoWaits } from "../api/who-waits.ts";
import type { Context } from "../context.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import { future, past } from "../output/when.ts";
import type { ListFlags } from "./flags.ts";
import { seenJson } from "./render-client.ts";

export async function clientLs(this: Context, { json, line }: ListFlags): Promise<void> {
  const clients = await listClients({ ...gatewayPorts(this), clock: this.clock }, line);
  if (json) {
    this.stdout.json(clients.map((client) => ({ ...client, lastSeen: seenJson(client.lastSeen) })));
    return;
  }
  const now = this.clock();
  // While the line's CA is replaced.
  const isReplaced = clients.some(({ hasNewCa }) => hasNewCa !== null);
  // On a host that is in a fleet.
  const isMixed = clients.some((client) => "isOfFleet" in client);
  const rows = clients.map((client) => {
    const { name, role, state, expires, fingerprint, lastSeen, hasNewCa } = client;
    const key = "until" in client ? `invited until ${client.until}` : "local socket";
    const jobs = "jobs" in client && client.jobs ? `jobs of ${client.jobs.issuer}` : undefined;
    const end = expires === null ? "-" : future(Date.parse(expires), now);
    const seen = lastSeen === null ? "-" : past(lastSeen.time, now);
    const ca = isReplaced ? [hasNewCa === null ? "-" : hasNewCa ? "new" : "old"] : [];
    const of = isMixed ? ["isOfFleet" in client ? "fleet" : "host"] : [];
    return [name, ...of, role, state, end, seen, ...ca, jobs ?? fingerprint?.slice(0, 16) ?? key];
  });
  const head = [
    "CLIENT",
    ...(isMixed ? ["LIST"] : []),
    "ROLE",
    "STATE",
    "EXPIRES",
    "SEEN",
    ...(isReplaced ? ["CA"] : []),
    "KEY",
  ];
  this.stdout.lines(renderTable(head, rows, tableWidth(this.terminal)));
  const waiting = clients.filter(({ state }) => state === "waiting").map(({ name }) => name);
  this.stderr.lines(whoWaits(await pickLine(this, line), waiting));
}
