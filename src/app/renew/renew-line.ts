/**
 * Renews a line's client certificate for the same key: with the line's CA key where this machine has it, else through the
 * gateway. The certificate is replaced by one rename, then the docker contexts' copies are.
 */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { type Line, notSetUpHere } from "../../line/index.ts";
import {
  type CertificateFacts,
  endsWithCa,
  issueClient,
  publicKeyOf,
  readCertificate,
} from "../../pki/index.ts";
import { dueWithCa, openLineCa, readCaKey, refreshContextsOf, renewalDue } from "../lines/index.ts";
import { askGateway, type Files, type Issued, shortened } from "./ask-gateway.ts";
import { requestFor } from "./pending-request.ts";
import type { RenewPorts } from "./ports.ts";
import { newCaOf, type TakenCa, tellTrust, trustsSeveral } from "./take-ca.ts";

export interface RenewOptions {
  /** Also when it is not due. */
  readonly force: boolean;
  /**
   * How long a certificate of the gateway is to be valid, ms; null: as long as it issues them. A certificate that has longer
   * to go is due.
   */
  readonly lifeMs: number | null;
}

/** What `renew` did with a line. Times are milliseconds since the epoch. */
export interface RenewedLine {
  readonly line: string;
  readonly renewed: boolean;
  /** Who signed it, or would. */
  readonly by: "gateway" | "ca";
  /** When the certificate ends now. */
  readonly until: number;
  /** From when on it is renewed; null: never, because it ends with the CA that would sign the next. */
  readonly due: number | null;
  /** Of the gateway's count; null: not renewed by a gateway now. */
  readonly generation: number | null;
  readonly recoveriesLeft: number | null;
  /** The CA that came with the renewal; null: none did. */
  readonly ca: TakenCa | null;
  /** Docker contexts whose copies were replaced. */
  readonly contexts: readonly string[];
}

/** @throws LINE_BROKEN */
async function readFiles({ lines }: RenewPorts, { name }: Line): Promise<Files> {
  const [ca, certificate, key, caKey] = await Promise.all([
    lines.readFile(name, "docker/ca.pem"),
    lines.readFile(name, "docker/cert.pem"),
    lines.readFile(name, "docker/key.pem"),
    readCaKey(lines, name),
  ]);
  return { ca, certificate, key, caKey };
}

/** @throws CA_…, PROMPT_IMPOSSIBLE */
async function sign(
  ports: RenewPorts,
  { name }: Line,
  { ca, caKey, certificate, key }: Files & { readonly caKey: string },
): Promise<Issued> {
  const authority = await openLineCa(ports, name, ca, caKey);
  const now = ports.clock();
  const commonName = readCertificate(certificate).subject.replace(/^CN=/, "");
  const options = { publicKey: publicKeyOf(key), commonName, now };
  const issued = await issueClient(authority, options);
  return { certificate: issued, generation: null, recoveriesLeft: null, ca: null, offered: null };
}

/** @returns null where a new certificate would end at the same time, with the line's CA */
function dueAt(certificate: CertificateFacts, { ca, caKey }: Files, { mode }: Line): number | null {
  const authority = readCertificate(ca);
  if (caKey === undefined && mode === "gateway") return dueWithCa(certificate, authority);
  const isLast = caKey !== undefined && endsWithCa(certificate, authority);
  return isLast ? null : renewalDue(certificate);
}

/** @throws RENEW_REFUSED */
function requireNoJob({ name, job }: Line): void {
  if (!job) return;
  throw new TetherdockError("RENEW_REFUSED", `the certificate of the line ${name} cannot be renewed`, {
    why: ["it is a CI job's: it ends soon, and only another token gets a new one"],
    hints: ["tetherdock ci-login --help   # log in again"],
  });
}

async function requireRenewable({ lines }: RenewPorts, { name, mode, joined }: Line): Promise<void> {
  if (mode === "gateway") return;
  if (!joined) await lines.readFile(name, "ca/ca-key.pem");
  else
    throw notSetUpHere(
      `this machine cannot renew the certificate of the line "${name}"`,
      "has the CA key, and a native engine renews nothing itself",
      `ask whoever set the line up: after a new CA, ${shellJoin(["tetherdock", "renew", name, "--certificate", "FILE"])} takes the file that they send; else join or import again`,
    );
}

/**
 * Where nothing is due, it still replaces stale copies in docker contexts: an earlier renewal may have been interrupted.
 * @throws LINE_UNKNOWN, LINE_BROKEN, LINE_JOINED, RENEW_REFUSED, GATEWAY_UNREACHABLE, CA_…, FILE_FAILED
 */
export async function renewLine(
  ports: RenewPorts,
  name: string,
  { force, lifeMs }: RenewOptions,
): Promise<RenewedLine> {
  const line = await ports.lines.read(name);
  requireNoJob(line);
  const files = await readFiles(ports, line);
  const { caKey } = files;
  const before = readCertificate(files.certificate);
  const now = ports.clock();
  const left = await ports.pending.read(name);
  const isUnanswered = left !== undefined && requestFor(left, before.fingerprint) !== null;
  const isByGateway = caKey === undefined && line.mode === "gateway";
  const isTooLong = isByGateway && lifeMs !== null && before.notAfter - now > lifeMs;
  const isUntold = isByGateway && left !== undefined && !isUnanswered && trustsSeveral(files.ca);
  // Signed here while this machine's clock was ahead: nothing accepts it until then.
  const isEarly = caKey !== undefined && before.notBefore > now;
  let issued: (Issued & { readonly text?: string }) | null = null;
  if (force || isUnanswered || isEarly || (dueAt(before, files, line) ?? before.notAfter) <= now) {
    if (caKey === undefined) await requireRenewable(ports, line);
    issued =
      caKey === undefined
        ? await askGateway(ports, line, files, lifeMs)
        : await sign(ports, line, { ...files, caKey });
  } else if (isTooLong || isUntold) issued = await shortened(ports, line, files, lifeMs);
  // First: what was valid under the old one is valid under both.
  if (issued?.ca) await ports.lines.update(name, "docker/ca.pem", issued.ca);
  if (issued !== null) await ports.lines.update(name, "docker/cert.pem", issued.certificate);
  if (issued?.text !== undefined && issued.offered !== null) {
    const request = requestFor(issued.text, before.fingerprint);
    const credential = { ca: issued.ca ?? files.ca, certificate: issued.certificate, key: files.key };
    if (request !== null) await tellTrust(ports, line, credential, request, issued.offered);
  }
  const contexts = await refreshContextsOf(ports, line);
  // Whatever was under way is done, and its copies too.
  const done = issued?.text ?? (isUnanswered ? undefined : left);
  if (done !== undefined) await ports.pending.drop(name, done);
  const kept = { ...files, ca: issued?.ca ?? files.ca };
  const after = readCertificate(await ports.lines.readFile(name, "docker/cert.pem"));
  return {
    line: name,
    renewed: issued !== null,
    by: caKey === undefined ? "gateway" : "ca",
    until: after.notAfter,
    due: dueAt(after, kept, line),
    generation: issued?.generation ?? null,
    recoveriesLeft: issued?.recoveriesLeft ?? null,
    ca: issued?.ca ? newCaOf(issued.ca, files.ca) : null,
    contexts,
  };
}
