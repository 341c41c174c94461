/** Who can connect to an endpoint in a visit: with a line's own certificate, and with wrong ones. */
import { TetherdockError } from "../../base/index.ts";
import type { CallerCredentials, ClientIdentity, Credential } from "../../engine/index.ts";
import type { Line, LineStore } from "../../line/index.ts";
import { isLocked, openAuthority } from "../../pki/index.ts";
import { untrustedCertificate, wrongCertificates } from "./wrong-certificates.ts";

/** What callers connect with, and what is known of the line. */
export interface LineCallers {
  readonly credentials: CallerCredentials;
  /** PEM; null without a line. */
  readonly own: { readonly ca: string; readonly certificate: string } | null;
  /** Why the line's CA issued nothing. */
  readonly noCaKey?: string;
}

const insecure = (identity: ClientIdentity): Credential => ({ kind: "insecure", identity });

/** No passphrase is asked for: a visit must run unattended. */
async function issued(
  lines: Pick<LineStore, "readFile">,
  { name, mode, joined }: Line,
  ca: string,
  now: number,
): Promise<Pick<LineCallers, "credentials" | "noCaKey">> {
  if (joined)
    return {
      credentials: {},
      noCaKey: "this machine joined or imported the line: its CA key is where the line was set up",
    };
  try {
    const privateKey = await lines.readFile(name, "ca/ca-key.pem");
    if (isLocked({ privateKey }))
      return { credentials: {}, noCaKey: "the line's CA key is encrypted with a passphrase" };
    const authority = await openAuthority({ certificate: ca, privateKey });
    const wrong = Object.entries(await wrongCertificates(authority, mode, now));
    return { credentials: Object.fromEntries(wrong.map(([caller, one]) => [caller, insecure(one)])) };
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
    return { credentials: {}, noCaKey: `the line's CA cannot issue certificates: ${error.message}` };
  }
}

async function ofLine(lines: Pick<LineStore, "readFile">, line: Line, now: number): Promise<LineCallers> {
  const [ca, certificate, keyPem] = await Promise.all([
    lines.readFile(line.name, "docker/ca.pem"),
    lines.readFile(line.name, "docker/cert.pem"),
    lines.readFile(line.name, "docker/key.pem"),
  ]);
  const { credentials, noCaKey } = await issued(lines, line, ca, now);
  return {
    credentials: {
      line: { kind: "tls", caPem: ca, identity: { certPem: certificate, keyPem } },
      untrusted: insecure(await untrustedCertificate(ca, now)),
      ...credentials,
    },
    own: { ca, certificate },
    ...(noCaKey !== undefined && { noCaKey }),
  };
}

/**
 * @param line null: only a certificate of an unknown CA can be made
 * @param now ms since the epoch
 * @throws LINE_BROKEN, CERTIFICATE_UNREADABLE
 */
export async function lineCallers(
  lines: Pick<LineStore, "readFile">,
  line: Line | null,
  now: number,
): Promise<LineCallers> {
  if (line) return ofLine(lines, line, now);
  return { credentials: { untrusted: insecure(await untrustedCertificate(null, now)) }, own: null };
}
