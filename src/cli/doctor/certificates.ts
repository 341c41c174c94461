/** What the doctor knocks with: the line's own certificate, and wrong ones made for the occasion. */
import { TetherdockError } from "../../base/index.ts";
import type { Credential } from "../../engine/index.ts";
import type { Line } from "../../line/index.ts";
import {
  type Authority,
  isLocked,
  issueClient,
  issueExpiredClient,
  issueServer,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  parseName,
  readCertificate,
} from "../../pki/index.ts";
import type { KnockCredentials } from "../../system/probing/survey/survey-endpoint.ts";
import type { Context } from "../context.ts";

/** A line's certificates, and what to knock with. */
export interface KnockSet {
  readonly credentials: KnockCredentials;
  /** PEM; null without a line. */
  readonly own: { readonly ca: string; readonly certificate: string } | null;
  /** Why the line's CA issued nothing. */
  readonly noCaKey?: string;
}

const WHO = "tetherdock doctor";
const pair = makeKeyPair();

function as(certPem: string): Credential {
  return { kind: "intruder", identity: { certPem, keyPem: pair.privateKey } };
}

/** @param subject that of the CA it imitates: who compares names only would let it in */
async function stranger(subject: string, now: number): Promise<Credential> {
  const authority = await openAuthority(await makeAuthority({ subject, now }));
  return as(await issueClient(authority, { publicKey: pair.publicKey, commonName: WHO, now }));
}

async function issueWrong(authority: Authority, now: number): Promise<KnockCredentials> {
  const { publicKey } = pair;
  return {
    expired: as(await issueExpiredClient(authority, { publicKey, commonName: WHO, now })),
    "server-usage": as(
      await issueServer(authority, { publicKey, names: [parseName("doctor.invalid")], now }),
    ),
  };
}

/** The doctor asks for no passphrase: it must run unattended. */
async function wrongOnes(ca: string, readKey: () => Promise<string>, now: number) {
  try {
    const privateKey = await readKey();
    if (isLocked({ privateKey })) return { noCaKey: "the line's CA key is encrypted with a passphrase" };
    return { credentials: await issueWrong(await openAuthority({ certificate: ca, privateKey }), now) };
  } catch (error) {
    if (error instanceof TetherdockError) return { noCaKey: `the line's CA cannot issue: ${error.message}` };
    throw error;
  }
}

async function ofLine(context: Context, { name }: Line): Promise<KnockSet> {
  const now = context.clock();
  const [ca, certificate, keyPem] = await Promise.all([
    context.lines.readFile(name, "docker/ca.pem"),
    context.lines.readFile(name, "docker/cert.pem"),
    context.lines.readFile(name, "docker/key.pem"),
  ]);
  const { credentials, noCaKey } = await wrongOnes(
    ca,
    () => context.lines.readFile(name, "ca/ca-key.pem"),
    now,
  );
  const subject = readCertificate(ca).subject.replace(/^CN=/, "");
  return {
    credentials: {
      line: { kind: "tls", caPem: ca, identity: { certPem: certificate, keyPem } },
      stranger: await stranger(subject, now),
      ...credentials,
    },
    own: { ca, certificate },
    ...(noCaKey !== undefined && { noCaKey }),
  };
}

/**
 * @param line null: only a stranger's certificate can be made
 * @throws LINE_BROKEN, CERTIFICATE_UNREADABLE
 */
export async function knockSet(context: Context, line: Line | null): Promise<KnockSet> {
  if (line) return ofLine(context, line);
  return { credentials: { stranger: await stranger("Docker CA", context.clock()) }, own: null };
}
