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

/**
 * Returns whether to issue a new certificate now.
 * @param now milliseconds since the epoch
 * @returns true in the last 30 days and after
 */
export function dueForRenewal(facts: Pick<CertificateFacts, "notAfter">, now: number): boolean {
  return facts.notAfter - now < RENEWAL_WINDOW_MS;
}
