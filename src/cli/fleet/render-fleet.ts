/** What became of a fleet's list on each host. */
import {
  doubtOf,
  type FleetStatus,
  type HostDetails,
  type HostFleet,
  type HostResult,
  lineErrorOf,
  missing,
  type Pushed,
  refusedOn,
  stillOpen,
  versionOn,
  type Waiting,
} from "../../app/fleet/index.ts";
import { counted, firstOf, quoteForeign, type TetherdockError } from "../../base/index.ts";
import { type OperatedStore, thresholdOf } from "../../fleet/index.ts";
import { sessionJson } from "../api/render-session.ts";
import type { Context } from "../context.ts";
import { formatDays } from "../lines/render-line.ts";
import { formatBytes } from "../output/format-bytes.ts";
import { jsonTime } from "../output/json-time.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import { tellFailure } from "../output/tell-failure.ts";
import { date, past } from "../output/when.ts";
import { waitingJson } from "./operators/waiting.ts";

function hostJson(result: HostResult): object {
  if ("error" in result) return { host: result.host, ...result.error.toJSON() };
  if ("stored" in result) {
    const { host, stored, doubt } = result;
    return { host, stored, doubt, line: lineErrorOf(result)?.message ?? null };
  }
  const { host, fleet, receipt } = result;
  return { host, fleet, receipt: receipt && { ...receipt, cut: receipt.cut.map(sessionJson) } };
}

/** @param published undefined: nobody has looked */
export const storeJson = (
  { address }: OperatedStore,
  published: number | null | undefined,
  storeError: TetherdockError | null,
): object => ({
  urls: address.urls,
  ...(published !== undefined && { published }),
  ...(storeError?.toJSON() ?? { error: null }),
});

const listed = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`${what} ${firstOf(names, 5)}`];

function roleRemarks({ roles }: HostFleet): string[] {
  const unusable =
    roles?.unusable.map(({ name, why }) => `${quoteForeign(name)}: ${quoteForeign(why)}`) ?? [];
  return [
    ...listed("a role of its own hides", roles?.hidden ?? []),
    ...unusable.slice(0, 5).map((one) => `it cannot use the role ${one}`),
  ];
}

function linkRemarks({ link }: HostFleet, isMove: boolean): string[] {
  if (link === null) return [];
  // systemd starts it with the new store within a second, if it is installed.
  if (link.process === null) return isMove ? [] : ["its fleet process does not run"];
  const { store, noReceipt } = link.process;
  if (store?.is === "lost") return [`it does not reach the store: ${quoteForeign(store.why)}`];
  return noReceipt === null ? [] : [`the store does not take its receipt: ${quoteForeign(noReceipt)}`];
}

/** What the change was, where that matters for what is told. */
export interface Told {
  /** The fleet had a store, and gets another: processes that read the old one start again. */
  readonly isMove?: boolean;
  /** Of other changes, most close nothing, and that is not told. */
  readonly isRevocation?: boolean;
}

function lineRemark(result: HostResult): string {
  const error = lineErrorOf(result);
  if (error === null) return "";
  return error.code === "LINE_UNKNOWN" ? "no line from here; " : `its line fails: ${error.message}; `;
}

export function remarks(
  result: HostResult,
  now: number,
  { isMove = false, isRevocation = false }: Told,
): string {
  if ("error" in result) return result.error.message;
  if ("stored" in result) {
    const doubt = doubtOf(result);
    if (doubt !== null) return doubt;
    const { at, closed, open, tookMs } = result.stored;
    const refused = refusedOn(result);
    const [by, still] = [
      `${lineRemark(result)}by its receipt, ${past(at, now)}`,
      open > 0 ? `; ${open} still open` : "",
    ];
    return refused === null
      ? `${by}${closed === 0 && !isRevocation ? "" : `: closed ${counted(closed, "connection")} in ${tookMs} ms`}${still}`
      : `${by}: refused, ${quoteForeign(refused)}`;
  }
  const { fleet, receipt } = result;
  if (fleet === null) return "in no fleet";
  const closed =
    receipt === null || (receipt.cut.length === 0 && !isRevocation)
      ? []
      : [`closed ${counted(receipt.cut.length, "connection")} in ${receipt.tookMs} ms`];
  const open = receipt !== null && receipt.open > 0 ? [`${receipt.open} still open`] : [];
  return [
    ...closed,
    ...open,
    ...(Date.parse(fleet.until) <= now ? ["its list has ended"] : []),
    ...listed("its own list hides", fleet.hidden),
    ...listed("it has no such role for", fleet.withoutRole),
    ...roleRemarks(fleet),
    ...linkRemarks(fleet, isMove),
  ].join("; ");
}

/** By host; undefined: nobody has asked. */
type AllDetails = ReadonlyMap<string, HostDetails> | undefined;

const DETAIL_HEAD = ["GATEWAY", "ENGINE", "CERTIFICATE", "NOT FETCHED"] as const;

function detailCells(details: HostDetails | undefined): string[] {
  if (details === undefined) return DETAIL_HEAD.map(() => "-");
  const { gateway, engine, certificateDays, auditBehind } = details;
  const days = certificateDays === null ? "-" : formatDays(certificateDays);
  const behind = auditBehind === null ? "-" : formatBytes(auditBehind);
  // Short, or the host's words would make the table as wide as it likes.
  return [...[gateway, engine].map((one) => one?.slice(0, 40) ?? "-"), days, behind];
}

function row(result: HostResult, now: number, told: Told, details: AllDetails): string[] {
  const fleet = "fleet" in result ? result.fleet : null;
  const until = fleet?.until.slice(0, 10) ?? "-";
  const found = details?.get(result.host);
  const said = [remarks(result, now, told), ...(found?.problems ?? [])].filter(Boolean).join("; ");
  return [result.host, `${versionOn(result) ?? "-"}`, until, ...(details ? detailCells(found) : []), said];
}

/**
 * Prints what the hosts have, and sets the exit status if one of them lacks the current list or a connection is still open.
 * @param waiting a change that waits for signatures; undefined: nobody has looked
 * @param published version in the store; undefined: nobody has looked
 * @param details what else a host has; undefined: nobody has asked
 * @param removed why nothing that this machine signs counts any more: whatever else is wrong, it cannot mend it
 */
export function tellHosts(
  context: Context,
  { fleet, hosts, storeError, since }: Pushed,
  {
    json,
    isMove = false,
    isRevocation = false,
    waiting,
    published,
    details,
    removed = null,
  }: {
    readonly json: boolean;
    readonly removed?: TetherdockError | null;
    readonly waiting?: Waiting | TetherdockError | null;
    readonly published?: number | null;
    readonly details?: AllDetails;
  } & Told,
): void {
  const { stdout, terminal } = context;
  const { version, until, list } = fleet.kept.view;
  if (json)
    stdout.json({
      ...{ fleet: fleet.name, version, until: jsonTime(until) },
      threshold: thresholdOf(fleet.kept.documents),
      ...{ clients: list.clients, roles: list.roles },
      hosts: hosts.map((one) => ({
        ...hostJson(one),
        ...(details && { details: details.get(one.host) ?? null }),
      })),
      ...(waiting !== undefined && { waiting: waiting && waitingJson(waiting) }),
      store: fleet.store && storeJson(fleet.store, published, storeError),
    });
  else {
    stdout.line(`${fleet.name}: version ${version}, ends ${date(until)}`);
    const rows = hosts.map((one) => row(one, context.clock(), { isMove, isRevocation }, details));
    const head = ["HOST", "VERSION", "ENDS", ...(details ? DETAIL_HEAD : []), "REMARKS"];
    if (rows.length > 0) stdout.lines(renderTable(head, rows, tableWidth(terminal)));
  }
  const failures = removed ? [removed] : [storeError, missing(fleet, hosts, since), stillOpen(hosts)];
  for (const failure of failures) if (failure !== null) tellFailure(context, failure);
}

/** What the store has, if there is one. */
export function tellStore({ stdout }: Context, { fleet, published }: FleetStatus): void {
  if (fleet.store && published !== null)
    stdout.line(`store ${fleet.store.address.urls.join(", ")}: version ${published}`);
}
