/** `tetherdock client approve --request`: signs for a native engine, where the certificate makes its owner root. */
import { approveNative, type NativeRequest } from "../../app/approve/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { readBeginning } from "../../system/files/read-excerpt.ts";
import { createApprovalRecords } from "../../system/identity/invitation-records.ts";
import type { Context } from "../context.ts";
import { askPassphrase } from "../host/passphrase.ts";
import type { ApproveFlags } from "./flags.ts";
import { withoutTerminal } from "./without-terminal.ts";

/** A request has about 400 bytes. */
const MAX_BYTES = 16 * 1024;

async function agrees(
  context: Context,
  flags: ApproveFlags,
  { name, line, expires, fingerprint }: NativeRequest,
): Promise<boolean> {
  context.stderr.lines([
    `${name} asks for a certificate of the line ${line}`,
    "  access       root on the host, as everybody has in native mode",
    `  valid        ${expires === null ? "for 397 days" : `until ${expires}`}; it cannot be revoked, only a new CA ends it`,
    `  fingerprint  ${fingerprint}`,
  ]);
  return context.prompts.confirm(
    "Has join printed this fingerprint on their machine?",
    withoutTerminal(flags, name),
  );
}

/** The certificates alone go to stdout. Neither is a secret. */
export async function approveFromFile(
  context: Context,
  flags: ApproveFlags & { request: string },
  name: string,
): Promise<void> {
  const { line, request: path, expires: expiresIn, fingerprint, yes, json } = flags;
  const { lines, env, clock, stdout, stderr } = context;
  const request = await readBeginning(path, MAX_BYTES);
  const ports = {
    ...{ lines, env, clock, approvals: createApprovalRecords(tetherdockHome(context)) },
    agrees: (asked: NativeRequest) => agrees(context, flags, asked),
    passphrase: (one: string) => askPassphrase(context, one),
  };
  const approved = await approveNative(ports, { line, name, request, expiresIn, fingerprint, yes });
  if (json) stdout.json(approved);
  else if (approved !== null) {
    stdout.lines((approved.certificate + approved.ca).trimEnd().split("\n"));
    stderr.line(`send ${name} both certificates; on their machine: tetherdock join TOKEN --certificate FILE`);
    stderr.line(`${name} is root on the host then; only a new CA ends that before the certificate expires`);
  } else stderr.line("nothing was approved");
  if (approved === null) context.setExitStatus(1);
}
