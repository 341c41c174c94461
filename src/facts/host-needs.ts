/** What a host needs for a change: `up` refuses without it, `doctor` reports it. */
import { MINUTE_MS } from "../base/index.ts";
import type { HostFacts } from "./host-facts.ts";

// A key pair, certificates and a journal need far less; with less free space, writing the journal could fail halfway.
const NEEDED_KIB = 1024;
// Certificates are backdated by an hour. A difference of more than a few minutes means that a clock is wrong, and it
// will grow.
const MAX_SKEW_MS = 5 * MINUTE_MS;

/** Whether a file system that `up` writes to has no space left. */
export function isDiskFull({ freeKiB }: Pick<HostFacts, "freeKiB">): boolean {
  return freeKiB.some((free) => free < NEEDED_KIB);
}

/**
 * @param now this machine's time, ms since the epoch
 * @returns how far the host's clock is ahead (negative: behind), ms; null if the difference is small
 */
export function clockSkew({ clockMs }: Pick<HostFacts, "clockMs">, now: number): number | null {
  const skew = clockMs - now;
  return Math.abs(skew) > MAX_SKEW_MS ? skew : null;
}
