/** `tetherdock client invite`: prints a token with which another person or machine joins. */
import { inviteClient } from "../../app/clients/index.ts";
import { lineOption } from "../../app/lines/index.ts";
import { shellJoin } from "../../base/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { createInvitationRecords } from "../../system/identity/invitation-records.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { random } from "../host/random.ts";
import type { InviteFlags } from "./flags.ts";

/** Two rows of modules make one line of text: a token of 150 characters takes about 25 lines and 50 columns. */
async function showCode({ stderr }: Context, token: string): Promise<void> {
  const { renderUnicodeCompact } = await import("uqr");
  stderr.lines(renderUnicodeCompact(token, { ecc: "L", border: 2 }).split("\n"));
}

/** The token alone goes to stdout. */
export async function clientInvite(this: Context, flags: InviteFlags, name: string): Promise<void> {
  const { line, role, expires: expiresIn, for: forMs, approve, json, qr } = flags;
  const records = createInvitationRecords(tetherdockHome(this));
  const ports = { ...gatewayPorts(this), clock: this.clock, random, records };
  const invited = await inviteClient(ports, { line, name, role, expiresIn, forMs, approve });
  if (qr) await showCode(this, invited.token);
  if (json) {
    this.stdout.json(invited);
    return;
  }
  this.stdout.line(invited.token);
  this.stderr.line(
    `give ${name} this token over a channel that only the two of you can read; it works once, until ${invited.until}`,
  );
  this.stderr.line("on their machine: tetherdock join");
  if (approve)
    this.stderr.line(
      `then here: ${shellJoin(["tetherdock", "client", "approve", name, ...lineOption(line)])}`,
    );
}
