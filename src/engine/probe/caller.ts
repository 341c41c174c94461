/** Who connects in a probe. `up`, `doctor`, `topology` and `explain` use the same callers. */
import type { Observation } from "./observation.ts";
import type { Credential } from "./prober.ts";

/**
 * `plain`: HTTP without TLS. The others use TLS: `none` without a certificate, `line` with the line's own, `untrusted`
 * with one of another CA, `expired` with one of the line's CA whose time is over, `unlisted` with a good one that no
 * gateway has on its client list, `server-usage` with a server's certificate of the line's CA.
 */
export type Caller = "plain" | "none" | "line" | "untrusted" | "expired" | "unlisted" | "server-usage";

export const CALLERS: readonly Caller[] = [
  "plain",
  "none",
  "line",
  "untrusted",
  "expired",
  "unlisted",
  "server-usage",
];

/** What callers connect with; `plain` and `none` need nothing. */
export type CallerCredentials = Partial<Record<Exclude<Caller, "plain" | "none">, Credential>>;

/** Everybody there is a credential for, `plain` and `none` included. */
export function withNobody(credentials: CallerCredentials): Partial<Record<Caller, Credential>> {
  return { ...credentials, plain: { kind: "plain" }, none: { kind: "insecure" } };
}

/** One real `GET /_ping`: who made it, and what it showed. */
export interface Probe {
  readonly caller: Caller;
  readonly seen: Observation;
}

/** From the one that needs least to get in to the one that needs most: who gets in with less gets in with more. */
export const WRONG_CALLERS = ["none", "untrusted", "expired", "unlisted", "server-usage"] as const;

const NAMES: Readonly<Record<Caller, string>> = {
  plain: "plain HTTP",
  none: "no certificate",
  line: "your certificate",
  untrusted: "another CA's certificate",
  expired: "an expired certificate",
  unlisted: "a certificate that is not on the client list",
  "server-usage": "a server's certificate",
};

/** @returns a noun phrase, to stand before ": …" */
export function describeCaller(caller: Caller): string {
  return NAMES[caller];
}
