/** What became of a fleet's list on each host. */
import { type HostResult, missing, type Pushed } from "../../app/fleet/index.ts";
import { counted } from "../../base/index.ts";
import { sessionJson } from "../api/render-session.ts";
import type { Context } from "../context.ts";
import { jsonTime } from "../output/json-time.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import { reportError } from "../output/report-error.ts";
import { createStyle } from "../output/style.ts";
import { date } from "../output/when.ts";

function hostJson(result: HostResult): object {
  if ("error" in result) return { host: result.host, ...result.error.toJSON() };
  const { host, fleet, receipt } = result;
  return { host, fleet, receipt: receipt && { ...receipt, cut: receipt.cut.map(sessionJson) } };
}

const listed = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`${what} ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}`];

function remarks(result: HostResult): string {
  if ("error" in result) return result.error.message;
  const { fleet, receipt } = result;
  if (fleet === null) return "in no fleet";
  const closed =
    receipt === null ? [] : [`closed ${counted(receipt.cut.length, "connection")} in ${receipt.tookMs} ms`];
  const open = receipt !== null && receipt.open > 0 ? [`${receipt.open} still open`] : [];
  return [
    ...closed,
    ...open,
    ...listed("its own list hides", fleet.hidden),
    ...listed("it has no such role for", fleet.withoutRole),
  ].join("; ");
}

function row(result: HostResult): string[] {
  const fleet = "error" in result ? null : result.fleet;
  return [
    result.host,
    fleet === null ? "-" : `${fleet.version}`,
    fleet?.until.slice(0, 10) ?? "-",
    remarks(result),
  ];
}

/** Prints what the hosts have, and sets the exit status if one of them does not have the current list. */
export function tellHosts(
  context: Context,
  { fleet, hosts }: Pushed,
  { json }: { readonly json: boolean },
): void {
  const { stdout, stderr, terminal } = context;
  const { version, until, list } = fleet.kept.view;
  if (json)
    stdout.json({
      ...{ fleet: fleet.name, version, until: jsonTime(until) },
      ...{ clients: list.clients, hosts: hosts.map(hostJson) },
    });
  else {
    stdout.line(`${fleet.name}: version ${version}, ends ${date(until)}`);
    if (hosts.length > 0)
      stdout.lines(renderTable(["HOST", "VERSION", "ENDS", "REMARKS"], hosts.map(row), tableWidth(terminal)));
  }
  const failure = missing(fleet, hosts);
  if (failure === null) return;
  stderr.lines(reportError(failure, createStyle(terminal.colour.stderr)).lines);
  context.setExitStatus(failure.exitStatus);
}
