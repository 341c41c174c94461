/** The end of a CA's ten years: a new certificate for the same name and key, so that everything it signed stays valid. */
import { createPublicKey } from "node:crypto";
import { isIssuedBy } from "./keys/match.ts";
import { AUTHORITY_LIFETIME_MS, AUTHORITY_RENEWAL_MS, BACKDATE_MS } from "./lifetimes.ts";
import type { Authority } from "./open-authority.ts";
import { type CertificateFacts, readCertificate } from "./read-certificate.ts";
import { signCertificate } from "./sign-certificate.ts";

/**
 * Whether a CA gets a new certificate.
 * @param now milliseconds since the epoch
 * @returns true in its last two years, and after its end
 */
export function authorityDue({ notAfter }: Pick<CertificateFacts, "notAfter">, now: number): boolean {
  return notAfter - now < AUTHORITY_RENEWAL_MS;
}

/**
 * Makes a new certificate for a CA, valid for ten more years. It begins when the old one did: a machine whose clock is
 * late accepts it too.
 * @param authority opened; it may have expired
 * @param now milliseconds since the epoch
 * @returns the same key with the new certificate
 * @see ADR 0032
 */
export async function renewAuthority(authority: Authority, now: number): Promise<Authority> {
  const { certificate: old, facts, key } = authority;
  const certificate = await signCertificate({
    kind: "authority",
    // The name is the old one's, byte for byte.
    commonName: "CA",
    namedAs: old,
    issuer: null,
    names: [],
    notBefore: Math.min(facts.notBefore, now - BACKDATE_MS),
    notAfter: now + AUTHORITY_LIFETIME_MS,
    publicKey: createPublicKey(key),
    signingKey: key,
  });
  return { certificate, facts: readCertificate(certificate), key };
}

/**
 * Returns whether somebody who trusts a CA can trust this certificate in its place, whoever sends it: it is for the same
 * key and name, that key has signed it, and it ends later.
 * @param next PEM, from another machine
 * @param current the CA's certificate that is trusted, PEM; it may have expired
 * @param now milliseconds since the epoch
 * @returns false also where the first cannot be read
 */
export function isRenewalOf(next: string, current: string, now: number): boolean {
  const before = readCertificate(current);
  try {
    const after = readCertificate(next);
    const isSameKey = after.publicKeyFingerprint === before.publicKeyFingerprint;
    const isValid = after.isAuthority && after.notBefore <= now && now < after.notAfter;
    // Each is issued by the other: the names are equal.
    const isSameName = isIssuedBy(next, current) && isIssuedBy(current, next);
    return isSameKey && isSameName && isValid && after.notAfter > before.notAfter;
  } catch {
    return false;
  }
}
