/** Makes client certificates that must be refused, for one proof or one visit; used by all commands. */
import type { ClientIdentity } from "../../engine/index.ts";
import type { LineMode } from "../../line/index.ts";
import {
  type Authority,
  issueClient,
  issueExpiredClient,
  issueServer,
  type KeyPair,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  parseName,
} from "../../pki/index.ts";

/** A gateway's log shows our attempts by this name. */
const COMMON_NAME = "tetherdock probe";

/** Those that only the line's CA can issue. */
export interface WrongCertificates {
  readonly expired: ClientIdentity;
  /** Only against gateways: in native mode every certificate of the CA gets in, and must. */
  readonly unlisted?: ClientIdentity;
  readonly "server-usage": ClientIdentity;
}

// Making a key takes the time here, and all certificates can share one.
let pair: KeyPair | undefined;

function identity(issue: (publicKey: string) => Promise<string>): Promise<ClientIdentity> {
  pair ??= makeKeyPair();
  const { publicKey, privateKey: keyPem } = pair;
  return issue(publicKey).then((certPem) => ({ certPem, keyPem }));
}

/**
 * @param ca PEM; the certificate is signed by another CA of the same name: who compares names would let it in
 * @param now ms since the epoch
 */
export async function untrustedCertificate(ca: string | null, now: number): Promise<ClientIdentity> {
  const named = ca === null ? {} : { namedAs: ca };
  const other = await openAuthority(await makeAuthority({ subject: "Docker CA", now, ...named }));
  return identity((publicKey) => issueClient(other, { publicKey, commonName: COMMON_NAME, now }));
}

/** A valid certificate, for nobody. */
export const anyClientOf = (authority: Authority, now: number): Promise<ClientIdentity> =>
  identity((publicKey) => issueClient(authority, { publicKey, commonName: COMMON_NAME, now }));

/** @param authority the line's own CA */
export async function wrongCertificates(
  authority: Authority,
  mode: LineMode,
  now: number,
): Promise<WrongCertificates> {
  const client = { commonName: COMMON_NAME, now };
  return {
    expired: await identity((publicKey) => issueExpiredClient(authority, { ...client, publicKey })),
    ...(mode === "gateway" && { unlisted: await anyClientOf(authority, now) }),
    "server-usage": await identity((publicKey) =>
      issueServer(authority, { publicKey, names: [parseName("probe.invalid")], now }),
    ),
  };
}
