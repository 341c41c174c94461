/** What is left of a certificate, for people who renew in time. */
import { X509Certificate } from "node:crypto";
import { DAY_MS } from "../base/index.ts";

/** Fewer days than this is a problem to be told: two weeks leave room for a holiday. */
export const FEW_DAYS = 14;

/**
 * Whole days until a certificate ends.
 * @param pem the certificate
 * @param now milliseconds since the epoch
 * @returns negative once it is over; undefined when the text is no certificate
 */
export function daysOf(pem: string, now: number): number | undefined {
  try {
    return Math.floor((new X509Certificate(pem).validToDate.getTime() - now) / DAY_MS);
  } catch {
    return undefined;
  }
}

/** For a table: `364 days`, `ended`, `unreadable`. */
export function formatDays(days: number | undefined): string {
  if (days === undefined) return "unreadable";
  if (days < 0) return "ended";
  return days === 1 ? "1 day" : `${days} days`;
}

/** What is wrong with what is left; undefined when it is enough. */
export function daysProblem(whose: string, days: number | undefined): string | undefined {
  if (days === undefined) return `the ${whose} certificate cannot be read`;
  if (days < 0) return `the ${whose} certificate has ended`;
  return days < FEW_DAYS ? `the ${whose} certificate ends in ${formatDays(days)}` : undefined;
}
