/** Changes to what a gateway keeps of jobs: trusts, and the passes of jobs that have shown a token. */
import type { Client } from "../client.ts";
import {
  type JobAccess,
  type JobPass,
  type JobTrust,
  jobIdentity,
  MAX_PASSES,
  MAX_TRUSTS,
} from "./job-trust.ts";
import { CLOCK_TOLERANCE_MS } from "./judge-token.ts";

/** A trust counts while the list has its client. @returns undefined: there is none of this name */
export function clientOf(trust: JobTrust, clients: readonly Client[]): Client | undefined {
  const identity = jobIdentity(trust);
  return clients.find(({ name, fingerprint }) => name === trust.name && fingerprint === identity);
}

function isNeeded({ until, tokenUntil }: JobPass, now: number): boolean {
  return Math.max(Date.parse(until), Date.parse(tokenUntil) + CLOCK_TOLERANCE_MS) > now;
}

/**
 * Adds a trust. Those whose client is gone are dropped. Jobs that an earlier client of the name and issuer let in are out,
 * but their tokens stay used.
 * @returns null when there are too many
 */
export function withTrust(
  { trusts, passes }: JobAccess,
  trust: JobTrust,
  clients: readonly Client[],
  now: number,
): JobAccess | null {
  const rest = trusts.filter((one) => one.name !== trust.name && clientOf(one, clients) !== undefined);
  if (rest.length >= MAX_TRUSTS) return null;
  const identity = jobIdentity(trust);
  const ended = new Date(now).toISOString();
  return {
    trusts: [...rest, trust],
    passes: passes.map((one) => (one.identity === identity ? { ...one, until: ended } : one)),
  };
}

export type Passed =
  | { readonly access: JobAccess; readonly pass: JobPass }
  | { readonly refused: "used-token" | "used-key" | "too-many-jobs" };

/**
 * Lets a job's key in. A token lets one key in; the same key may show it again, because an answer can get lost.
 * @param now milliseconds since the epoch
 */
export function withPass({ trusts, passes }: JobAccess, pass: JobPass, now: number): Passed {
  const left = passes.filter((one) => isNeeded(one, now));
  const used = left.find(({ token }) => token === pass.token);
  if (used) {
    const isSame = used.key === pass.key && used.identity === pass.identity && Date.parse(used.until) > now;
    return isSame ? { access: { trusts, passes: left }, pass: used } : { refused: "used-token" };
  }
  // A new token prolongs the access of the key that shows it, but a key never changes its client.
  if (left.some(({ key, identity }) => key === pass.key && identity !== pass.identity))
    return { refused: "used-key" };
  if (left.filter(({ identity }) => identity === pass.identity).length >= MAX_PASSES)
    return { refused: "too-many-jobs" };
  return { access: { trusts, passes: [...left, pass] }, pass };
}

/** Which client a key is of, and until when, ms since the epoch; null: it is no job's, or its time is over. */
export function passOf(
  passes: ReadonlyMap<string, Pick<JobPass, "identity" | "until">>,
  key: string,
  now: number,
): { readonly identity: string; readonly until: number } | null {
  const found = passes.get(key);
  const until = found === undefined ? 0 : Date.parse(found.until);
  return found && until > now ? { identity: found.identity, until } : null;
}

/** By key, the one that lasts longest. */
export function passesByKey(passes: readonly JobPass[]): ReadonlyMap<string, JobPass> {
  return new Map(
    passes
      .toSorted((one, other) => Date.parse(one.until) - Date.parse(other.until))
      .map((one) => [one.key, one]),
  );
}
