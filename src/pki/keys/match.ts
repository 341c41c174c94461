/** Whether certificates, keys and names belong together. */
import type { San } from "../names/parse-name.ts";
import { type CertificateFacts, parseCertificate, readCertificate } from "../read-certificate.ts";
import { publicHalf } from "./public-half.ts";

/**
 * Returns whether a certificate is for exactly this key.
 * @param certificate PEM
 * @param key private (not encrypted) or public, PEM
 * @returns true when both hold the same public key
 * @throws CERTIFICATE_UNREADABLE, KEY_UNREADABLE
 */
export function sameKey(certificate: string, key: string): boolean {
  return parseCertificate(certificate).publicKey.equals(publicHalf(key));
}

/**
 * Returns whether a key's owner can connect as a client with this certificate. Who issued it is not checked.
 * @param certificate PEM
 * @param key private (not encrypted) or public, PEM
 * @returns true when it is for this key and for clients, and not a CA's
 * @throws CERTIFICATE_UNREADABLE, KEY_UNREADABLE
 */
export function isClientCertificateFor(certificate: string, key: string): boolean {
  const { usages, isAuthority } = readCertificate(certificate);
  return sameKey(certificate, key) && usages.includes("clientAuth") && !isAuthority;
}

/**
 * Returns whether this CA signed a certificate; equal names are not enough, because two CAs can have the same name.
 * @param certificate PEM
 * @param authority the CA's certificate, PEM
 * @returns true when issuer, key identifier and signature match; lifetimes are not checked
 * @throws CERTIFICATE_UNREADABLE
 */
export function isIssuedBy(certificate: string, authority: string): boolean {
  const issuer = parseCertificate(authority);
  const issued = parseCertificate(certificate);
  return issued.checkIssued(issuer) && issued.verify(issuer.publicKey);
}

/**
 * Returns whether a certificate has all these names.
 * @param facts of a server certificate
 * @param names in canonical form, as `normaliseNames` gives them
 * @returns true if it has each of them literally; wildcards do not count
 */
export function covers(facts: Pick<CertificateFacts, "names">, names: readonly San[]): boolean {
  return names.every((name) => facts.names.some((own) => own.type === name.type && own.value === name.value));
}
