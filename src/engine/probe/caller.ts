/** The callers of probes. `up`, `doctor`, `topology` and `explain` use the same callers. */
import type { Observation } from "./observation.ts";
import type { Credential } from "./prober.ts";

/**
 * `plain`: HTTP without TLS. The others use TLS: `none` without a certificate, `line` with the line's own, `untrusted`
 * with one from another CA, `expired` with an expired one from the line's CA, `unlisted` with a valid one that is on no
 * gateway's client list, `server-usage` with a server certificate from the line's CA.
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

/** The callers' credentials; `plain` and `none` need none. */
export type CallerCredentials = Partial<Record<Exclude<Caller, "plain" | "none">, Credential>>;

/** All callers for which there is a credential, including `plain` and `none`. */
export function withNobody(credentials: CallerCredentials): Partial<Record<Caller, Credential>> {
  return { ...credentials, plain: { kind: "plain" }, none: { kind: "insecure" } };
}

/** One real `GET /_ping`: the caller, and the observation. */
export interface Probe {
  readonly caller: Caller;
  readonly seen: Observation;
}

/** Ordered by credentials, fewest first: if one gets in, so do all later ones. */
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

/** @returns a noun phrase, to precede ": …" */
export function describeCaller(caller: Caller): string {
  return NAMES[caller];
}
