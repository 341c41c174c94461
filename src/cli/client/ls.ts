/** `tetherdock client ls`: lists the clients of a line's gateway; in native mode, those that this machine has approved. */
import { listClients, type NativeClients, nativeClients } from "../../app/clients/index.ts";
import { pickLine } from "../../app/lines/index.ts";
import { counted } from "../../base/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { createApprovalRecords } from "../../system/identity/invitation-records.ts";
import { gatewayPorts } from "../api/ports.ts";
import { whoWaits } from "../api/who-waits.ts";
import type { Context } from "../context.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import { warn } from "../output/warn.ts";
import { future, past } from "../output/when.ts";
import type { ListFlags } from "./flags.ts";
import { seenJson } from "./render-client.ts";

function tellNative(context: Context, { clients, unread }: NativeClients, { json }: ListFlags): void {
  const { stdout, stderr, clock, terminal } = context;
  if (unread > 0) warn(context, `${counted(unread, "record")} of a client cannot be read`);
  if (json) {
    stdout.json(clients);
    return;
  }
  const rows = clients.map(({ name, expires, fingerprint }) => [
    ...[name, expires === null ? "-" : future(Date.parse(expires), clock())],
    fingerprint?.slice(0, 16) ?? "cannot be read",
  ]);
  stdout.lines(renderTable(["CLIENT", "EXPIRES", "KEY"], rows, tableWidth(terminal)));
  stderr.line("dockerd has no list of clients: these are the ones that this machine has approved");
}

export async function clientLs(this: Context, flags: ListFlags): Promise<void> {
  const { json, line } = flags;
  const approvals = createApprovalRecords(tetherdockHome(this));
  const name = await pickLine(this, line);
  const native = await nativeClients({ lines: this.lines, approvals }, name);
  if (native !== null) {
    tellNative(this, native, flags);
    return;
  }
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
  this.stderr.lines(whoWaits(name, waiting));
}
