/** How many days a certificate is still valid. */
import { counted, DAY_MS, TetherdockError } from "../../base/index.ts";
import { warningWindow } from "../../line/index.ts";
import { daysLeft, RENEWAL_WINDOW_MS, readCertificate } from "../../pki/index.ts";

/** Fewer days than this is a problem to be told: from here on `up` renews. */
const FEW_DAYS = RENEWAL_WINDOW_MS / DAY_MS;

/** The same for one certificate, which may never have had so many. */
export function fewDaysOf(pem: string): number {
  try {
    return warningWindow(readCertificate(pem)) / DAY_MS;
  } catch (error) {
    if (error instanceof TetherdockError) return FEW_DAYS;
    throw error;
  }
}

/**
 * Whole days until a certificate ends.
 * @param pem the certificate
 * @param now milliseconds since the epoch
 * @returns negative once it is over; undefined when the text is no certificate
 */
export function daysOf(pem: string, now: number): number | undefined {
  try {
    return daysLeft(readCertificate(pem), now);
  } catch (error) {
    if (error instanceof TetherdockError) return undefined;
    throw error;
  }
}

/** The problem, or undefined if enough days are left. */
export function daysProblem(whose: string, days: number | undefined, few = FEW_DAYS): string | undefined {
  if (days === undefined) return `the ${whose} certificate cannot be read`;
  if (days < 0) return `the ${whose} certificate has expired`;
  return days < Math.floor(few) ? `the ${whose} certificate expires in ${counted(days, "day")}` : undefined;
}
