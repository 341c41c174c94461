/** `tetherdock fleet client show`. */
import { type ShownFleetClient, showFleetClient } from "../../../app/fleet/index.ts";
import { quoteForeign, shellJoin } from "../../../base/index.ts";
import { activityJson, endText, seenText } from "../../client/render-client.ts";
import type { Context } from "../../context.ts";
import { sinceOrLastWeek } from "../../flags/parse-since.ts";
import { jsonTime } from "../../output/json-time.ts";
import { renderTable, tableWidth } from "../../output/render-table.ts";
import { warn } from "../../output/warn.ts";
import type { ShowClientFlags } from "../flags.ts";
import { fleetAuditPorts } from "../ports.ts";

const HEAD = ["HOST", "LATEST", "READS", "ACTIONS", "FAILED", "REFUSED"];

function toJson({ client, may, hosts }: ShownFleetClient): object {
  const each = hosts.map(({ host, activity, readUntil, error }) => ({
    host,
    activity: activityJson(activity),
    readUntil: readUntil === null ? null : jsonTime(readUntil),
    ...(error !== null && (error.toJSON() as object)),
  }));
  return { ...client, may, hosts: each };
}

function rowOf({ host, activity }: ShownFleetClient["hosts"][number]): string[] {
  const { reads, actions, failed, refused, lastSeen } = activity;
  return [host, seenText(lastSeen) || "no record", ...[reads, actions, failed, refused.count].map(String)];
}

function textOf({ fleet, client, may }: ShownFleetClient, now: number): string[] {
  const policy = shellJoin(["tetherdock", "fleet", "role", "show", client.role, "--fleet", fleet]);
  return [
    `${client.name}  ${quoteForeign(client.role)}, ${client.state}`,
    `  key          ${client.fingerprint ?? "none"}`,
    `  access ends  ${endText(client.expires, now)}`,
    `  may          ${may ?? `see ${policy}`}`,
  ];
}

export async function fleetClientShow(this: Context, flags: ShowClientFlags, name: string): Promise<void> {
  const since = sinceOrLastWeek(flags.since, this.clock);
  const span = { fleet: flags.fleet, name, since, until: flags.until?.(this.clock) };
  const shown = await showFleetClient(fleetAuditPorts(this), { ...span, signal: this.stdout.closed });
  this.setExitStatus(shown.hosts.some(({ error }) => error !== null) ? 1 : 0);
  if (flags.json) {
    this.stdout.json(toJson(shown));
    return;
  }
  for (const { host, error } of shown.hosts)
    if (error !== null) warn(this, `${host}: ${error.message}; only what was copied before is shown`);
  const until = span.until ?? this.clock();
  this.stdout.lines([
    ...textOf(shown, this.clock()),
    `from ${jsonTime(since)} to ${jsonTime(until)}:`,
    ...renderTable(HEAD, shown.hosts.map(rowOf), tableWidth(this.terminal)),
  ]);
  for (const { host, readUntil } of shown.hosts)
    if (readUntil !== null)
      warn(this, `${host}: there are more records after ${jsonTime(readUntil)}; choose a shorter time`);
}
