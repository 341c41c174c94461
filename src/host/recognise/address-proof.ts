/** Decides for each address whether it is the host's, and whether the line depends on it. */
import { formatEndpoint, type ProofSummary, type Target, type Verdict } from "../../engine/index.ts";
import { readCertificate } from "../../pki/index.ts";

/** One address, judged. */
export interface AddressProof extends ProofSummary {
  /** Whether the line depends on it. */
  readonly required: boolean;
  /** Whether the user named it; otherwise the host claims it, and the certificate does not include it. */
  readonly named: boolean;
}

function shownKey({ seen }: Verdict): string | null {
  const pem = "tls" in seen ? seen.tls?.certificatePem : undefined;
  return pem === undefined ? null : readCertificate(pem).publicKeyFingerprint;
}

// An address may belong to another machine in our network, or to a host that the line had before: only our
// server's key counts.
function isOurs({ verdicts }: ProofSummary, serverKey: string): boolean {
  return verdicts.some(
    (verdict) => verdict.case.kind === "line" && verdict.ok && shownKey(verdict) === serverKey,
  );
}

/** A name may have addresses that this machine cannot reach at all (IPv6 without IPv6); one must be proven. */
function isOutOfReach(summary: ProofSummary, named: readonly ProofSummary[]): boolean {
  const { serverName } = summary.target;
  const provenElsewhere = named.some((one) => one.target.serverName === serverName && one.state === "proven");
  return summary.cause === "no-route" && provenElsewhere;
}

/** Another machine with a certificate from the line's CA, for example its old host. */
function withOtherKey(summary: ProofSummary): ProofSummary {
  const { state, target } = summary;
  if (state !== "proven") return summary;
  const reason = `${formatEndpoint(target.endpoint)} is another machine: it shows another server key than this host has`;
  return { ...summary, state: "broken", reason };
}

/**
 * @param claimed targets that only the host claims
 * @param serverKey SHA-256 of the server key that the host has proven to hold
 */
export function judgeAddresses(
  summaries: readonly ProofSummary[],
  claimed: ReadonlySet<Target>,
  serverKey: string,
): AddressProof[] {
  const ours = new Set(summaries.filter((summary) => isOurs(summary, serverKey)));
  const judged = summaries.map((summary) => (ours.has(summary) ? summary : withOtherKey(summary)));
  const named = judged.filter(({ target }) => !claimed.has(target));
  return judged.map((summary) => {
    const isNamed = named.includes(summary);
    const required = ours.has(summary) || (isNamed && !isOutOfReach(summary, named));
    return { ...summary, named: isNamed, required };
  });
}
