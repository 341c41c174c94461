/** The laptop's half of a line: its CA, its client key and certificate; made for a new line, read for an old one. */
import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { Line, LineFile } from "../../line/index.ts";
import {
  type Authority,
  dueForRenewal,
  isLocked,
  issueClient,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  publicKeyOf,
  readCertificate,
} from "../../pki/index.ts";
import type { Context } from "../context.ts";

/** PEM texts and the opened CA. */
export interface Identity {
  readonly id: string;
  readonly ca: string;
  readonly caKey: string;
  readonly certificate: string;
  readonly key: string;
  readonly authority: Authority;
  /** Whether the client certificate was made just now. */
  readonly fresh: boolean;
}

/** `user@laptop`: names the client certificate and the journal's entries. */
export function whoAmI(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** @param passphrase encrypts the CA key; undefined leaves it plain */
export async function makeIdentity(
  context: Context,
  name: string,
  passphrase: string | undefined,
): Promise<Identity> {
  const now = context.clock();
  const id = randomBytes(8).toString("hex");
  const locked = passphrase === undefined ? {} : { passphrase };
  const ca = await makeAuthority({ subject: `tetherdock ${name} ${id}`, now, ...locked });
  const authority = await openAuthority({ ...ca, ...locked });
  const { privateKey: key, publicKey } = makeKeyPair();
  const certificate = await issueClient(authority, { publicKey, commonName: whoAmI(), now });
  return { id, ca: ca.certificate, caKey: ca.privateKey, certificate, key, authority, fresh: true };
}

/**
 * Reads a line's identity; a client certificate that is about to expire is renewed, for the same key.
 * @param passphrase asked for only when the CA key is encrypted
 * @throws LINE_BROKEN, CA_PASSPHRASE_WRONG, CA_KEY_MISMATCH, CA_EXPIRED
 */
export async function readIdentity(
  context: Context,
  line: Line,
  passphrase: () => Promise<string>,
): Promise<Identity> {
  const read = (file: LineFile) => context.lines.readFile(line.name, file);
  const [ca, caKey, key, certificate] = await Promise.all([
    read("docker/ca.pem"),
    read("ca/ca-key.pem"),
    read("docker/key.pem"),
    read("docker/cert.pem"),
  ]);
  const now = context.clock();
  const locked = isLocked({ privateKey: caKey }) ? { passphrase: await passphrase() } : {};
  const authority = await openAuthority({ certificate: ca, privateKey: caKey, ...locked });
  const fresh = dueForRenewal(readCertificate(certificate), now);
  const current = fresh
    ? await issueClient(authority, { publicKey: publicKeyOf(key), commonName: whoAmI(), now })
    : certificate;
  return { id: line.id, ca, caKey, certificate: current, key, authority, fresh };
}
