/** Whether a client accepts a token, apart from its signature. Values are strings and are compared exactly. */
import { DAY_MS, MINUTE_MS } from "../../base/index.ts";
import type { JobToken } from "./job-token.ts";
import type { JobTrust } from "./job-trust.ts";

export type JobRefusal =
  | "unknown-job-client"
  | "malformed-token"
  | "other-issuer"
  | "other-audience"
  | "other-claims"
  | "expired-token"
  | "future-token"
  | "long-token"
  | "unsigned-token"
  | "used-token";

export interface RefusedToken {
  readonly rule: JobRefusal;
  /** For the job: names claims, and never what a client demands of them. */
  readonly text: string;
}

/** Clocks of issuers, and of hosts that synchronise, differ by less. */
export const CLOCK_TOLERANCE_MS = MINUTE_MS;
/** A token that lasts longer is not for one job, and would have to be remembered as long. */
const MAX_TOKEN_LIFE_MS = DAY_MS;

const refuse = (rule: JobRefusal, text: string): RefusedToken => ({ rule, text });

function timeProblem({ issuedAt, notBefore, expires }: JobToken, now: number): RefusedToken | null {
  if (expires <= now - CLOCK_TOLERANCE_MS)
    return refuse("expired-token", "the token has expired, or the host's clock is wrong");
  if (Math.max(issuedAt, notBefore) > now + CLOCK_TOLERANCE_MS)
    return refuse("future-token", "the token is not valid yet, or the host's clock is wrong");
  if (expires - issuedAt > MAX_TOKEN_LIFE_MS || expires > now + MAX_TOKEN_LIFE_MS + CLOCK_TOLERANCE_MS)
    return refuse("long-token", "the token lasts longer than a day");
  return null;
}

/**
 * @param now milliseconds since the epoch
 * @returns null: it is accepted, if the issuer has signed it
 */
export function judgeToken(trust: JobTrust, token: JobToken, now: number): RefusedToken | null {
  if (token.issuer !== trust.issuer)
    return refuse("other-issuer", "the token is of another issuer than the one that this client trusts");
  if (token.audience !== trust.audience) return refuse("other-audience", "the token is for another audience");
  const wrong = Object.entries(trust.claims).find(
    ([name, value]) => !Object.hasOwn(token.claims, name) || token.claims[name] !== value,
  );
  if (wrong)
    return refuse("other-claims", `the token's claim ${wrong[0]} is not the one that this client demands`);
  return timeProblem(token, now);
}
