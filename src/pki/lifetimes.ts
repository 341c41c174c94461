/** How long certificates live, and why. All in milliseconds. */
import { DAY_MS, HOUR_MS } from "../base/index.ts";

/** A line's CA cannot be replaced without touching the host and every client, so it outlives most hosts. */
export const AUTHORITY_LIFETIME_MS = 3_652 * DAY_MS;

/**
 * A CA gets its next certificate in its last two years: before the last year, in which what it signs ends with it, and
 * early enough for every client that renews to get it.
 */
export const AUTHORITY_RENEWAL_MS = 730 * DAY_MS;

/**
 * Server and client certificates. dockerd does not use CRLs or OCSP (moby#7128), so only expiry reliably shuts out a
 * lost key. A year is convenient for the owner, and some TLS clients refuse more than 398 days.
 */
export const LEAF_LIFETIME_MS = 397 * DAY_MS;

/** Certificates are valid from this long before now, because clocks of host and laptop rarely agree to the second. */
export const BACKDATE_MS = HOUR_MS;

/** Renewal is due when less than this is left, so that a month's holiday does not lock the owner out. */
export const RENEWAL_WINDOW_MS = 30 * DAY_MS;

/** How long ago a probe's expired certificate ended: more than any plausible clock error. */
export const EXPIRED_FOR_MS = 30 * DAY_MS;

/** X.509 has whole seconds; rounding here makes the promised and the encoded time equal. */
export function wholeSecond(ms: number): Date {
  return new Date(Math.floor(ms / 1_000) * 1_000);
}
