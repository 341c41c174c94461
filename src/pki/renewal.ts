/** Computes how long a certificate is still valid. */
import { DAY_MS } from "../base/index.ts";
import { RENEWAL_WINDOW_MS } from "./lifetimes.ts";
import type { CertificateFacts } from "./read-certificate.ts";

/**
 * Counts the whole days for which a certificate is still valid.
 * @param now milliseconds since the epoch
 * @returns 0 on the last day, negative once it has expired
 */
export function daysLeft(facts: Pick<CertificateFacts, "notAfter">, now: number): number {
  return Math.floor((facts.notAfter - now) / DAY_MS);
}

type End = Pick<CertificateFacts, "notAfter">;

/** Whether a certificate ends with the CA, or after it, so that a new one from this CA would not be valid any longer. */
export function endsWithCa(facts: End, ca: End): boolean {
  return facts.notAfter >= ca.notAfter;
}

/**
 * Returns whether to issue a new certificate now.
 * @param ca the CA that would sign it
 * @param now milliseconds since the epoch
 * @returns true in the last 30 days, unless a new one would end at the same time; true after the end, so that signing
 *   fails and says why
 */
export function dueForRenewal(facts: End, ca: End, now: number): boolean {
  if (now >= facts.notAfter) return true;
  return facts.notAfter - now < RENEWAL_WINDOW_MS && !endsWithCa(facts, ca);
}
