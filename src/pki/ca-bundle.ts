/**
 * Several CAs in one `ca.pem`, while a line gets a CA with another key (ADR 0032). The first is the line's. A new one is
 * offered with a cross-certificate: a certificate for its name and key that the old one has signed. TLS refuses that, because
 * our CAs have path length 0; here it proves where the new one is from.
 */
import { createPublicKey, X509Certificate } from "node:crypto";
import { isIssuedBy } from "./keys/match.ts";
import type { Authority } from "./open-authority.ts";
import { type CertificateFacts, readCertificate } from "./read-certificate.ts";
import { isRenewalOf } from "./renew-authority.ts";
import { signCertificate } from "./sign-certificate.ts";

/** Certificates in it, PEM. */
export interface CaBundle {
  /** CAs, in their order. */
  readonly authorities: readonly string[];
  /** Certificates for keys of these CAs that other CAs have signed. */
  readonly crosses: readonly string[];
}

/** More is not read: three are needed. */
const MOST = 8;

const facts = (pem: string): CertificateFacts => readCertificate(pem);
const keyOf = (pem: string): string => facts(pem).publicKeyFingerprint;
const isSelfSigned = (pem: string): boolean => isIssuedBy(pem, pem);

function canonical(block: string): string[] {
  try {
    const pem = new X509Certificate(block).toString();
    facts(pem);
    return [pem];
  } catch {
    return [];
  }
}

/** @param text of a `ca.pem`, whoever it is from; what cannot be read is left out */
export function readBundle(text: string): CaBundle {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const all = blocks.slice(0, MOST).flatMap(canonical);
  const isCross = (one: string) =>
    !isSelfSigned(one) &&
    all.some((other) => other !== one && keyOf(other) === keyOf(one) && isSelfSigned(other));
  return { authorities: all.filter((one) => !isCross(one)), crosses: all.filter(isCross) };
}

export const formatBundle = ({ authorities, crosses }: CaBundle): string =>
  [...authorities, ...crosses].map((pem) => pem.replace(/\n*$/, "\n")).join("");

/** SHA-256 of the keys of the CAs in a `ca.pem`, in their order. */
export const authorityKeys = (text: string): string[] => readBundle(text).authorities.map(keyOf);

/** SHA-256 of the key of the CA that a bundle offers in place of its first; null: none is offered. */
export function offeredKey(text: string): string | null {
  const [cross] = readBundle(text).crosses;
  return cross === undefined ? null : keyOf(cross);
}

/** Signs a new CA with the old one's key. @returns PEM */
export async function crossCertify(old: Authority, next: string): Promise<string> {
  const { notBefore, notAfter } = facts(next);
  return signCertificate({
    kind: "authority",
    commonName: "CA",
    namedAs: next,
    issuer: old.certificate,
    names: [],
    notBefore,
    notAfter: Math.min(notAfter, old.facts.notAfter),
    publicKey: createPublicKey(new X509Certificate(next).publicKey.export({ type: "spki", format: "pem" })),
    signingKey: old.key,
  });
}

/** Whether a CA that is trusted has signed this one. @param now milliseconds since the epoch */
function isCertified(next: string, crosses: readonly string[], trusted: string, now: number): boolean {
  const { subject } = facts(next);
  return crosses.some((cross) => {
    const { isAuthority, notBefore, notAfter, ...own } = facts(cross);
    const isSame = keyOf(cross) === keyOf(next) && own.subject === subject;
    return isSame && isAuthority && notBefore <= now && now < notAfter && isIssuedBy(cross, trusted);
  });
}

/**
 * What a client keeps as its `ca.pem` when somebody sends it another. It trusts nothing that the CA it trusts first has not
 * signed, and drops that one only for one that it trusts already or that comes with its signature.
 * @param sent from another machine
 * @param kept the client's own
 * @param now milliseconds since the epoch
 * @returns null: as it is
 */
export function followBundle(sent: string, kept: string, now: number): string | null {
  const [current, ...others] = readBundle(kept).authorities;
  const { authorities, crosses } = readBundle(sent);
  const [first] = authorities;
  if (current === undefined || first === undefined) return null;
  const isKnown = (one: string) => others.some((other) => keyOf(other) === keyOf(one));
  const isTrusted = (one: string) =>
    facts(one).isAuthority &&
    isSelfSigned(one) &&
    (isKnown(one) || isCertified(one, crosses, current, now)) &&
    now < facts(one).notAfter;
  const isSame = keyOf(first) === keyOf(current);
  if (!isSame) return isTrusted(first) ? formatBundle({ authorities: [first], crosses: [] }) : null;
  const base = isRenewalOf(first, current, now) ? first : current;
  const more = authorities.slice(1).filter((one) => !isKnown(one) && isTrusted(one));
  if (base === current && more.length === 0) return null;
  return formatBundle({ authorities: [base, ...others, ...more], crosses: [] });
}
