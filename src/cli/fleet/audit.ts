/** `tetherdock fleet audit show`, `fetch` and `verify`. */
import {
  type FetchedHost,
  fetchFleetAudit,
  followFleetAudit,
  type HostRecord,
  showFleetAudit,
  type VerifiedHost,
  verifyFleetAudit,
} from "../../app/fleet/index.ts";
import { counted, json, shellJoin, type TetherdockError } from "../../base/index.ts";
import { addedText } from "../audit/fetch.ts";
import { FOLLOWED_AGAIN, warnStopped } from "../audit/following.ts";
import { renderRecord } from "../audit/render-record.ts";
import { withJsonTime } from "../audit/show.ts";
import { verificationJson } from "../audit/verify.ts";
import type { Context } from "../context.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import { createStyle } from "../output/style.ts";
import { warn } from "../output/warn.ts";
import { failureOf } from "./audit-failure.ts";
import type { FleetAuditFlags, FleetShowFlags } from "./flags.ts";
import { fleetAuditPorts } from "./ports.ts";

const hostError = (error: TetherdockError): object => error.toJSON() as object;

function fetchedJson(one: FetchedHost): object {
  return "error" in one
    ? { host: one.host, ...hostError(one.error) }
    : { host: one.host, by: one.by, ...one.fetched };
}

function tellTable(context: Context, fleet: string, head: string[], rows: string[][]): void {
  if (rows.length > 0) context.stdout.lines(renderTable(head, rows, tableWidth(context.terminal)));
  else context.stderr.line(`no host is in the fleet ${fleet}: tetherdock fleet join LINE...`);
}

const addedOf = ({ fetched, by }: Extract<FetchedHost, { readonly by: unknown }>): string =>
  `${addedText(fetched)}${by === "store" ? "; through the store" : ""}`;

export async function fleetAuditFetch(this: Context, flags: FleetAuditFlags): Promise<void> {
  const { fleet, hosts } = await fetchFleetAudit(fleetAuditPorts(this), flags);
  const failure = failureOf(hosts, fleet);
  if (flags.json) {
    this.stdout.json({ fleet, hosts: hosts.map(fetchedJson) });
    this.setExitStatus(failure?.exitStatus ?? 0);
    return;
  }
  const rows = hosts.map((one) => [one.host, "error" in one ? "-" : addedOf(one)]);
  tellTable(this, fleet, ["HOST", "ADDED"], rows);
  if (failure !== null) throw failure;
}

function verifiedRow({ host, by, copy, log }: VerifiedHost): string[] {
  const rotated = copy?.parts.reduce((sum, part) => sum + part.rotated, 0) ?? 0;
  const remarks = [
    ...(copy === null ? ["no copy"] : copy.ok ? [] : ["the copy has broken seals"]),
    ...(log === null ? ["not asked"] : log.ok ? [] : ["its log does not have what was copied"]),
    ...(by === "store" ? ["through the store"] : []),
    ...(rotated > 0 ? [`${counted(rotated, "file")} rotated away before they were copied`] : []),
  ];
  return [host, `${copy?.records ?? 0}`, copy?.seal.slice(0, 16) ?? "-", remarks.join("; ")];
}

export async function fleetAuditVerify(this: Context, flags: FleetAuditFlags): Promise<void> {
  const { fleet, hosts } = await verifyFleetAudit(fleetAuditPorts(this), flags);
  const failure = failureOf(hosts, fleet, shellJoin(["tetherdock", "fleet", "status", "--fleet", fleet]));
  if (flags.json) {
    const verified = hosts.map(({ host, by, copy, log, errors }) => ({
      ...{ host, by, copy: copy && verificationJson(copy), log: log && verificationJson(log) },
      errors: errors.map(hostError),
    }));
    this.stdout.json({ fleet, hosts: verified });
    this.setExitStatus(failure?.exitStatus ?? 0);
    return;
  }
  const head = ["HOST", "RECORDS", "LAST SEAL", "REMARKS"];
  tellTable(this, fleet, head, hosts.map(verifiedRow));
  if (failure !== null) throw failure;
}

/** The copies' records, after what is new was fetched; hosts that cannot be reached are told first. */
async function* copied(context: Context, flags: FleetShowFlags): AsyncGenerator<HostRecord> {
  const ports = fleetAuditPorts(context);
  const { fleet, hosts } = await fetchFleetAudit(ports, flags);
  const failure = failureOf(hosts, fleet);
  for (const why of failure?.why ?? []) warn(context, why);
  for (const one of hosts)
    if ("fetched" in one && one.fetched.more && !one.fetched.noRoom)
      warn(context, `${one.host}: ${addedText(one.fetched)}`);
  for (const hint of failure?.hints.slice(0, -1) ?? []) context.stderr.line(`  try: ${hint}`);
  context.setExitStatus(failure?.exitStatus ?? 0);
  const query = {
    client: flags.client,
    sinceMs: flags.since?.(context.clock),
    signal: context.stdout.closed,
  };
  yield* showFleetAudit(
    ports,
    fleet,
    hosts.map(({ host }) => host),
    query,
  );
}

function followed(context: Context, flags: FleetShowFlags): AsyncGenerator<HostRecord> {
  const query = {
    client: flags.client,
    sinceMs: flags.since?.(context.clock),
    signal: context.stdout.closed,
  };
  return followFleetAudit(fleetAuditPorts(context), flags, query, {
    onError: (host, error) => {
      warnStopped(context, error, host);
      context.setExitStatus(1);
    },
    onAgain: (host) => context.stderr.line(`${host}: ${FOLLOWED_AGAIN}`),
  });
}

/** Prints records with their host. */
export async function fleetAuditShow(this: Context, flags: FleetShowFlags): Promise<void> {
  const style = createStyle(this.terminal.colour.stdout);
  try {
    for await (const { host, record } of flags.follow ? followed(this, flags) : copied(this, flags)) {
      this.stdout.line(
        flags.json
          ? json.safeLine(withJsonTime(record).replace(/^\{/, `{"host":${JSON.stringify(host)},`))
          : `${host.padEnd(12)}  ${renderRecord(record, style)}`,
      );
      await this.stdout.drained();
    }
  } catch (error) {
    if (!this.stdout.closed.aborted) throw error;
  }
}
