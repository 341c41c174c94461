/** What a change needs of a host: `up` refuses without it, `doctor` reports it. */
import { MINUTE_MS } from "../base/index.ts";
import type { HostFacts } from "./host-facts.ts";

// A key pair, three certificates, a journal: far less; below this the journal itself could fail halfway.
const NEEDED_KIB = 1024;
// Certificates are backdated by an hour; past a few minutes something is wrong with a clock, and it gets worse.
const MAX_SKEW_MS = 5 * MINUTE_MS;

/** Whether a file system that `up` writes to has no space left. */
export function isDiskFull({ freeKiB }: Pick<HostFacts, "freeKiB">): boolean {
  return freeKiB.some((free) => free < NEEDED_KIB);
}

/**
 * @param now this machine's time, ms since the epoch
 * @returns how far the host's clock is ahead (negative: behind), ms; null where both agree well enough
 */
export function clockSkew({ clockMs }: Pick<HostFacts, "clockMs">, now: number): number | null {
  const skew = clockMs - now;
  return Math.abs(skew) > MAX_SKEW_MS ? skew : null;
}
