/** `tetherdock client approve`: signs for the key of a machine that asks to join. */
import { type ApprovePorts, approveClient, type RequestToApprove } from "../../app/approve/index.ts";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { createApprovalRecords, createInvitationRecords } from "../../system/identity/invitation-records.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { askPassphrase } from "../host/passphrase.ts";
import type { ApproveFlags } from "./flags.ts";
import { approveFromFile } from "./native.ts";
import { withoutTerminal } from "./without-terminal.ts";

async function agrees(context: Context, flags: ApproveFlags, request: RequestToApprove): Promise<boolean> {
  const { name, role, expires, fingerprint, address, at } = request;
  context.stderr.lines([
    `${name} asks to join, from ${address}, since ${at}`,
    `  role         ${role}`,
    `  access       ${expires === null ? "as long as its certificate" : `until ${expires}`}`,
    `  fingerprint  ${fingerprint}`,
  ]);
  return context.prompts.confirm(
    "Has join printed this fingerprint on their machine?",
    withoutTerminal(flags, name),
  );
}

function agreesAgain(
  { stderr, prompts }: Context,
  flags: ApproveFlags,
  { name, expires, fingerprint }: Pick<RequestToApprove, "name" | "expires" | "fingerprint">,
): Promise<boolean> {
  stderr.lines([
    `${name} was approved here before`,
    `  access       ${expires === null ? "as long as its certificate" : `until ${expires}`}`,
    `  fingerprint  ${fingerprint}`,
  ]);
  return prompts.confirm("Sign a new certificate for the same key?", withoutTerminal(flags, name));
}

function portsOf(context: Context, flags: ApproveFlags): ApprovePorts {
  return {
    ...gatewayPorts(context),
    clock: context.clock,
    records: createInvitationRecords(tetherdockHome(context)),
    approvals: createApprovalRecords(tetherdockHome(context)),
    agrees: (request) => agrees(context, flags, request),
    agreesAgain: (client) => agreesAgain(context, flags, client),
    passphrase: (line) => askPassphrase(context, line),
  };
}

export async function clientApprove(this: Context, flags: ApproveFlags, name: string): Promise<void> {
  const { line, fingerprint, yes, json, request, expires } = flags;
  if (request !== undefined) {
    await approveFromFile(this, { ...flags, request }, name);
    return;
  }
  if (expires !== undefined)
    throw new TetherdockError("USAGE", "--expires is for --request", {
      why: ["with a gateway, access ends as the invitation says"],
      hints: [shellJoin(["tetherdock", "client", "invite", name, "--approve", "--expires", "30d"])],
    });
  const approved = await approveClient(portsOf(this, flags), { line, name, fingerprint, yes });
  if (json) this.stdout.json(approved);
  else if (approved === null)
    this.stderr.line(`nothing was approved; to deny the request: tetherdock client rm ${name}`);
  else {
    this.stdout.line(approved.name);
    this.stderr.line(
      approved.role === null
        ? "signed again for the same key; tetherdock renew there fetches the certificate"
        : `approved, with the role ${approved.role}; tetherdock join there fetches the certificate`,
    );
  }
  if (approved === null) this.setExitStatus(1);
}
