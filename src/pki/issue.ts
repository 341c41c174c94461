/** Issues certificates for servers and clients. It takes only public keys: private keys stay where they were made. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { DAY_MS, TetherdockError } from "../base/index.ts";
import { readPublicKey } from "./keys/public-key.ts";
import { BACKDATE_MS, EXPIRED_FOR_MS, LEAF_LIFETIME_MS } from "./lifetimes.ts";
import { commonName } from "./names/common-name.ts";
import { normaliseNames, type San } from "./names/parse-name.ts";
import { type Authority, checkLifetime } from "./open-authority.ts";
import { type CertificatePlan, signCertificate } from "./sign-certificate.ts";

/** The content of a server certificate. */
export interface ServerOptions {
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKey: string;
  /** At least one, from `normaliseNames`. */
  readonly names: readonly San[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The content of a client certificate. */
export interface ClientOptions {
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKey: string;
  /** For people: `anna@laptop`; cut after 64 characters. */
  readonly commonName: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Latest end of validity, milliseconds since the epoch; without it, 397 days from now. */
  readonly until?: number;
}

type Span = Pick<CertificatePlan, "notBefore" | "notAfter">;

/** Stays within the CA's validity: a certificate that outlives its CA looks valid but is not. */
function currentSpan({ facts }: Authority, now: number): Span {
  checkLifetime(facts, now);
  return {
    notBefore: Math.max(now - BACKDATE_MS, facts.notBefore),
    notAfter: Math.min(now + LEAF_LIFETIME_MS, facts.notAfter),
  };
}

/**
 * Issues a server certificate for a key made on the host.
 * @param options.names DNS names and addresses; the first also becomes the common name, for people
 * @returns PEM, valid for 397 days or until the CA expires
 * @throws KEY_UNREADABLE, KEY_UNSUITABLE, NAME_INVALID, NAME_MISSING, CA_EXPIRED, CA_NOT_YET_VALID
 * @see RFC 5280 §4.2, RFC 9525 §4
 */
export async function issueServer(authority: Authority, options: ServerOptions): Promise<string> {
  // Checked again, because a San can also come from a file: nothing unchecked is signed.
  const names = normaliseNames(options.names.map((name) => name.value));
  const [first] = names;
  if (!first)
    throw new TetherdockError("NAME_MISSING", "a server certificate needs a name", {
      why: ["clients accept a server only by a name or address in its certificate"],
      hints: ["give one with --san"],
    });
  return signCertificate({
    kind: "server",
    commonName: commonName(first.value),
    issuer: authority.certificate,
    names,
    ...currentSpan(authority, options.now),
    publicKey: readPublicKey(options.publicKey),
    signingKey: authority.key,
  });
}

async function issueClientFor(authority: Authority, options: ClientOptions, span: Span): Promise<string> {
  return signCertificate({
    kind: "client",
    commonName: commonName(options.commonName),
    issuer: authority.certificate,
    names: [],
    ...span,
    publicKey: readPublicKey(options.publicKey),
    signingKey: authority.key,
  });
}

/**
 * Issues a client certificate.
 * @returns PEM, valid for 397 days, until `options.until` or until the CA expires, whichever is first
 * @throws KEY_UNREADABLE, KEY_UNSUITABLE, SUBJECT_INVALID, CA_EXPIRED, CA_NOT_YET_VALID
 * @see RFC 5280 §4.2
 */
export async function issueClient(authority: Authority, options: ClientOptions): Promise<string> {
  const { notBefore, notAfter } = currentSpan(authority, options.now);
  const until = Math.min(notAfter, options.until ?? notAfter);
  return issueClientFor(authority, options, { notBefore, notAfter: until });
}

/**
 * Issues a client certificate that expired a month ago, for the probe that proves that such certificates are refused.
 * Everything else is correct, so its age is the only possible reason.
 * @returns PEM
 * @throws KEY_UNREADABLE, KEY_UNSUITABLE, SUBJECT_INVALID, CA_EXPIRED, CA_NOT_YET_VALID
 */
export async function issueExpiredClient(authority: Authority, options: ClientOptions): Promise<string> {
  checkLifetime(authority.facts, options.now);
  const notAfter = options.now - EXPIRED_FOR_MS;
  return issueClientFor(authority, options, { notBefore: notAfter - DAY_MS, notAfter });
}

/**
 * Makes a certificate that a key signs for itself, valid for a day. It proves nothing but, in a handshake, who holds the
 * key: a machine that joins has no other certificate yet.
 * @param privateKey PKCS#8, PEM, not encrypted
 * @param now milliseconds since the epoch
 * @returns PEM
 */
export async function selfSignedClient(privateKey: string, name: string, now: number): Promise<string> {
  return signCertificate({
    kind: "client",
    commonName: commonName(name),
    issuer: null,
    names: [],
    notBefore: now - BACKDATE_MS,
    notAfter: now + DAY_MS,
    publicKey: createPublicKey(privateKey),
    signingKey: createPrivateKey(privateKey),
  });
}
