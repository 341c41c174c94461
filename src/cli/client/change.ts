/** `tetherdock client revoke`, `restore`, `rm`, `role`, `rename` and `expires`. */
import {
  type ClientChange,
  changeClient,
  changeExpires,
  changeRole,
  type MovedEnd,
  type Receipt,
  renameClient,
} from "../../app/clients/index.ts";
import { connectionsOpen } from "../../app/gateway-api/index.ts";
import { lineOption, pickLine } from "../../app/lines/index.ts";
import { counted, quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { createApprovalRecords, createInvitationRecords } from "../../system/identity/invitation-records.ts";
import { gatewayPorts } from "../api/ports.ts";
import { running, sessionJson } from "../api/render-session.ts";
import type { Context } from "../context.ts";
import type { NewEnd } from "../flags/parameters.ts";
import { renderEnd } from "../flags/render-end.ts";
import { tellFailure } from "../output/tell-failure.ts";
import { warning } from "../output/warn.ts";
import type { ChangeFlags, RevokeFlags } from "./flags.ts";

/** More is for `--json`. */
const SHOWN = 8;

function toJson(name: string, receipt: Receipt | null): unknown {
  if (receipt === null) return { name, receipt };
  return { name, receipt: { ...receipt, cut: receipt.cut.map(sessionJson) } };
}

/** What the gateway closed, with what ran on it. */
export function renderReceipt(receipt: Receipt | null): string[] {
  if (receipt === null) return ["this gateway is older, and does not report which connections it closed"];
  const { cut, open, tookMs } = receipt;
  if (cut.length === 0) return ["no connection was open"];
  const ended = running(cut);
  return [
    `the gateway closed ${counted(cut.length, "connection")} in ${tookMs} ms${open === 0 ? "" : `; ${open} of them ${open === 1 ? "is" : "are"} still open`}`,
    ...ended
      .slice(0, SHOWN)
      .map(({ session, what }) => `  ended ${what} from ${quoteForeign(session.address)}`),
    ...(ended.length > SHOWN ? [`  and ${ended.length - SHOWN} more`] : []),
  ];
}

const ports = (context: Context) => ({ ...gatewayPorts(context), clock: context.clock });

/** A connection that should be closed may still be in use: the exit status says so. */
function tellOpen(context: Context, line: string, receipt: Receipt | null): void {
  const failure = connectionsOpen([{ line, open: receipt?.open ?? 0 }]);
  if (failure !== null) tellFailure(context, failure);
}

function tell({ stdout, stderr }: Context, json: boolean, name: string, receipt: Receipt | null): void {
  if (json) {
    stdout.json(toJson(name, receipt));
    return;
  }
  stdout.line(name);
  stderr.lines(renderReceipt(receipt));
}

/** A client that is revoked may be restored, and then its certificate can be signed again. */
async function forgetApproval(
  context: Context,
  line: string,
  name: string,
  change: ClientChange,
): Promise<void> {
  const home = tetherdockHome(context);
  await createInvitationRecords(home).write(line, name, undefined);
  if (change === "remove") await createApprovalRecords(home).write(line, name, undefined);
}

function command(change: ClientChange) {
  return async function run(this: Context, { line, json }: ChangeFlags, name: string): Promise<void> {
    const receipt = await changeClient(ports(this), change, line, name);
    if (change === "restore") {
      if (json) this.stdout.json(toJson(name, receipt));
      else this.stdout.line(name);
      return;
    }
    const picked = await pickLine(this, line);
    // Whatever the gateway shows later: what was denied cannot be approved.
    await forgetApproval(this, picked, name, change);
    tell(this, json, name, receipt);
    tellOpen(this, picked, receipt);
  };
}

const revoke = command("revoke");

export async function clientRevoke(this: Context, flags: RevokeFlags, name: string): Promise<void> {
  const { dryRun, line: typed } = flags;
  const line = await this.lines.read(await pickLine(this, typed));
  if (line.mode === "native") {
    // All of `up`: a gateway's client is revoked without it.
    const { revokeNative } = await import("../up/revoke.ts");
    return revokeNative(this, line, name, flags);
  }
  if (dryRun)
    throw new TetherdockError("USAGE", "--dry-run is for native mode", {
      why: ["a gateway revokes a client at once, and changes nothing else"],
      hints: [shellJoin(["tetherdock", "client", "show", name, ...lineOption(typed)])],
    });
  return revoke.call(this, flags, name);
}

export const clientRestore = command("restore");
export const clientRm = command("remove");

export async function clientRole(
  this: Context,
  { line, json }: ChangeFlags,
  name: string,
  role: string,
): Promise<void> {
  const receipt = await changeRole({ ...ports(this), ...warning(this) }, line, name, role);
  tell(this, json, name, receipt);
  tellOpen(this, await pickLine(this, line), receipt);
}

export async function clientRename(
  this: Context,
  { line, json }: ChangeFlags,
  was: string,
  name: string,
): Promise<void> {
  await renameClient(ports(this), line, was, name);
  if (json) this.stdout.json({ name, was });
  else this.stdout.line(name);
}

/** Whether its certificate has to be renewed for the whole time; nothing if not. */
export function renderCertificate({ expires, endsEarlier, certificateEnds }: MovedEnd): string[] {
  if (endsEarlier === false) return [];
  const renew = "for a later end, on its machine: tetherdock renew --force";
  if (certificateEnds === null) return [`the gateway has not seen when its certificate ends; ${renew}`];
  return [`its certificate ends ${expires === null ? "" : "earlier, "}${certificateEnds}; ${renew}`];
}

export async function clientExpires(
  this: Context,
  { line, json }: ChangeFlags,
  name: string,
  end: NewEnd,
): Promise<void> {
  const approvals = createApprovalRecords(tetherdockHome(this));
  const revokes = ["tetherdock", "client", "revoke", name, ...lineOption(line)];
  const moved = await changeExpires({ ...ports(this), approvals }, line, name, end(this.clock, revokes));
  if (json) {
    this.stdout.json(moved);
    return;
  }
  this.stdout.line(moved.name);
  const restore = shellJoin(["tetherdock", "client", "restore", moved.name, ...lineOption(line)]);
  this.stderr.lines([
    renderEnd(moved.expires),
    ...(moved.state === "revoked"
      ? [`it stays revoked until you run: ${restore}`]
      : renderCertificate(moved)),
  ]);
}
