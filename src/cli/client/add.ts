/** `tetherdock client add`: another person or machine gets in, with a key that was made where it is used. */

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pickLine } from "../../app/lines/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { isLocked, issueClient, openAuthority, readCertificate } from "../../pki/index.ts";
import { createFile } from "../../system/files/atomic-file.ts";
import { withFile } from "../../system/files/file-error.ts";
import { listClients, putClient } from "../api/client-list.ts";
import type { Context } from "../context.ts";
import { askPassphrase } from "../host/passphrase.ts";

export interface ClientAddFlags {
  readonly line: string | undefined;
  readonly publicKey: string;
  readonly role: "admin" | "viewer";
  /** Milliseconds from now. */
  readonly expires: number | undefined;
  readonly out: string | undefined;
}

const CERTIFICATE_MODE = 0o644;

interface Issued {
  readonly ca: string;
  readonly certificate: string;
}

/** @throws KEY_UNREADABLE, KEY_UNSUITABLE, CA_…, LINE_BROKEN */
async function issue(context: Context, line: string, name: string, publicKey: string): Promise<Issued> {
  const [ca, privateKey] = await Promise.all([
    context.lines.readFile(line, "docker/ca.pem"),
    context.lines.readFile(line, "ca/ca-key.pem"),
  ]);
  const locked = isLocked({ privateKey }) ? { passphrase: await askPassphrase(context, line) } : {};
  const authority = await openAuthority({ certificate: ca, privateKey, ...locked });
  return {
    ca,
    certificate: await issueClient(authority, { publicKey, commonName: name, now: context.clock() }),
  };
}

/** @throws CLIENT_EXISTS: another key under a known name would be another person */
async function requireNew(context: Context, line: string, name: string): Promise<void> {
  const known = (await listClients(context, line)).find((client) => client.name === name);
  if (!known) return;
  throw new TetherdockError("CLIENT_EXISTS", `there is a client ${name} already`, {
    why: [`its state is ${known.state}, its role ${known.role}`],
    hints: [`tetherdock client rm ${name}   # first, if the new key is to take its place`],
  });
}

async function write(folder: string, { ca, certificate }: Issued): Promise<void> {
  await withFile("make", folder, () => mkdir(folder, { recursive: true }));
  await createFile(join(folder, "ca.pem"), ca, CERTIFICATE_MODE);
  await createFile(join(folder, "cert.pem"), certificate, CERTIFICATE_MODE);
}

/** The certificate is printed, or written with the CA's to `--out`: neither is a secret. */
export async function clientAdd(this: Context, flags: ClientAddFlags, name: string): Promise<void> {
  const line = await pickLine(this, flags.line);
  const publicKey = await withFile("read", flags.publicKey, () => readFile(flags.publicKey, "utf8"));
  await requireNew(this, line, name);
  const issued = await issue(this, line, name, publicKey);
  if (flags.out !== undefined) await write(flags.out, issued);
  const { publicKeyFingerprint: fingerprint } = readCertificate(issued.certificate);
  const expires = flags.expires === undefined ? null : new Date(this.clock() + flags.expires).toISOString();
  await putClient(this, line, { name, fingerprint, role: flags.role, state: "active", expires });
  if (flags.out === undefined) this.stdout.data(issued.certificate);
  else
    this.stderr.line(
      `give ${name} the two files in ${flags.out}; beside their key.pem they are a DOCKER_CERT_PATH`,
    );
}
