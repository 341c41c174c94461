/**
 * Commands that use a line renew its certificate in passing when it is due. It never makes them fail: if it does not work,
 * the warning before the end of the certificate tells what to do.
 */
import { dueWithCa, renewalDue } from "../../app/lines/index.ts";
import { SECOND_MS, TetherdockError } from "../../base/index.ts";
import { readValidity } from "../../line/index.ts";
import type { Context } from "../context.ts";
import { date } from "../output/when.ts";
import { takenCa } from "./taken-ca.ts";

/** The command itself waits. */
const TIME_MS = 5 * SECOND_MS;

async function isDue({ lines, clock }: Context, name: string): Promise<boolean> {
  const validity = readValidity(await lines.readFile(name, "docker/cert.pem"));
  const { mode, joined, job } = await lines.read(name);
  if (validity === undefined || job) return false;
  const isByGateway = joined && mode === "gateway";
  const ca = isByGateway ? readValidity(await lines.readFile(name, "docker/ca.pem")) : undefined;
  if ((isByGateway ? dueWithCa(validity, ca) : renewalDue(validity)) > clock()) return false;
  // Asking for the key's passphrase is not in passing.
  return !(await lines.isKeyEncrypted(name));
}

async function renewNow(context: Context, name: string): Promise<void> {
  // Nothing of it is loaded while nothing is due.
  const { renewLine } = await import("../../app/renew/index.ts");
  const { renewPorts } = await import("./ports.ts");
  const { readRenewSettings } = await import("./settings.ts");
  const passphrase = () => Promise.reject(new TetherdockError("CA_KEY_LOCKED", "the CA key is encrypted"));
  const lifeMs = (await readRenewSettings(context))?.lifeMs ?? null;
  const { renewed, until, ca } = await renewLine({ ...renewPorts(context, TIME_MS), passphrase }, name, {
    force: false,
    lifeMs,
  });
  if (renewed) context.stderr.line(`renewed the client certificate of the line ${name} until ${date(until)}`);
  if (ca !== null) context.stderr.line(`the line ${name} ${takenCa(ca)}`);
}

/** @param name of a line of this machine, or of one that is gone */
export async function renewInPassing(context: Context, name: string): Promise<void> {
  try {
    if (await isDue(context, name)) await renewNow(context, name);
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
  }
}
