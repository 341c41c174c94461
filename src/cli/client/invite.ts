/** `tetherdock client invite`: prints a token with which another person or machine joins. */
import { inviteToNative, type NativeInvitation, type Unsupported } from "../../app/approve/index.ts";
import { inviteClient } from "../../app/clients/index.ts";
import { lineOption } from "../../app/lines/index.ts";
import { MINUTE_MS, shellJoin } from "../../base/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { DEFAULT_ROLE } from "../../policy/index.ts";
import { createInvitationRecords } from "../../system/identity/invitation-records.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { random } from "../host/random.ts";
import { warning } from "../output/warn.ts";
import type { InviteFlags } from "./flags.ts";

const DEFAULT_FOR_MS = 10 * MINUTE_MS;

/** Two rows of modules make one line of text: a token of 150 characters takes about 25 lines and 50 columns. */
async function showCode({ stderr }: Context, token: string): Promise<void> {
  const { renderUnicodeCompact } = await import("uqr");
  stderr.lines(renderUnicodeCompact(token, { ecc: "L", border: 2 }).split("\n"));
}

/** What was typed that only a gateway can do. */
function unsupported({ role, expires, for: forMs }: InviteFlags, name: string): Unsupported[] {
  return [
    ...(role === undefined
      ? []
      : [{ option: "--role", why: "in native mode everybody is root on the host" }]),
    ...(forMs === undefined ? [] : [{ option: "--for", why: "the token of a native line lets nobody in" }]),
    ...(expires === undefined
      ? []
      : [{ option: "--expires", why: `give it to tetherdock client approve ${name} --request` }]),
  ];
}

function tellNative({ stdout, stderr }: Context, { name, line, token }: NativeInvitation): void {
  stdout.line(token);
  const approve = shellJoin(["tetherdock", "client", "approve", name, "--request", "FILE", "--line", line]);
  stderr.lines([
    `the token is no secret: it says where ${line} is, and how to recognise it`,
    `on the machine of ${name}: tetherdock join TOKEN   # prints a request`,
    `then here: ${approve}   # makes ${name} root on the host`,
  ]);
}

/** The token alone goes to stdout. */
export async function clientInvite(this: Context, flags: InviteFlags, name: string): Promise<void> {
  const { line, role = DEFAULT_ROLE, expires: expiresIn, for: forMs = DEFAULT_FOR_MS, approve } = flags;
  const native = await inviteToNative(this, { line, name }, unsupported(flags, name));
  if (native !== null) {
    if (flags.qr) await showCode(this, native.token);
    if (flags.json) this.stdout.json(native);
    else tellNative(this, native);
    return;
  }
  const records = createInvitationRecords(tetherdockHome(this));
  const ports = { ...gatewayPorts(this), ...warning(this), clock: this.clock, random, records };
  const invited = await inviteClient(ports, { line, name, role, expiresIn, forMs, approve });
  if (flags.qr) await showCode(this, invited.token);
  if (flags.json) {
    this.stdout.json(invited);
    return;
  }
  this.stdout.line(invited.token);
  if (invited.replaced) this.stderr.line(`the earlier invitation of ${name} no longer works`);
  this.stderr.line(
    `give ${name} this token over a channel that only the two of you can read; it works once, until ${invited.until}`,
  );
  this.stderr.line("on their machine: tetherdock join");
  if (approve)
    this.stderr.line(
      `then here: ${shellJoin(["tetherdock", "client", "approve", name, ...lineOption(line)])}`,
    );
}
