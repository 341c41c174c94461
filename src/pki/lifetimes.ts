/** How long certificates live, and why. All in milliseconds. */
import { DAY_MS, HOUR_MS } from "../base/index.ts";

/** A line's CA cannot be replaced without touching the host and every client, so it outlives most hosts. */
export const AUTHORITY_LIFETIME_MS = 3_652 * DAY_MS;

/**
 * Server and client certificates. dockerd asks no CRL or OCSP (moby#7128), so a lost key is shut out by time
 * at the latest; a year leaves the owner in peace, and some TLS clients refuse more than 398 days.
 */
export const LEAF_LIFETIME_MS = 397 * DAY_MS;

/** Certificates begin this much before now: host and laptop rarely agree on the second. */
export const BACKDATE_MS = HOUR_MS;

/** Renewal is due when less than this is left: a month's holiday must not end with a locked door. */
export const RENEWAL_WINDOW_MS = 30 * DAY_MS;

/** How long ago a probe's expired certificate ended: more than any clock is plausibly wrong. */
export const EXPIRED_FOR_MS = 30 * DAY_MS;

/** X.509 counts whole seconds; rounding here keeps what is promised and what is encoded the same. */
export function wholeSecond(ms: number): Date {
  return new Date(Math.floor(ms / 1_000) * 1_000);
}
