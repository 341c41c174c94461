/** Concludes from the probes of an endpoint what the message alone cannot say. */

import { visible } from "../base/index.ts";
import {
  type Caller,
  describeCaller,
  describeObservation,
  type Observation,
  outcomeOf,
  type Probe,
  WRONG_CALLERS,
} from "../engine/index.ts";
import { type CertificateFacts, readCertificate } from "../pki/index.ts";
import type { Danger } from "./entry.ts";

/** The proof, ready to be told. */
export interface Proof {
  /** One line a probe. */
  readonly says: readonly string[];
  /** Only where the probes show it; else the message's topic has to do. */
  readonly danger?: Danger;
  readonly conclusion: string;
}

/** More names than fit on a screen do not help. */
const MAX_NAMES = 12;

/** A hostile server may send something that is not a certificate. */
function readOrNull(pem: string): CertificateFacts | null {
  try {
    return readCertificate(pem);
  } catch {
    return null;
  }
}

function certificateOf(seen: Observation): string | undefined {
  const tls = "tls" in seen ? seen.tls : undefined;
  if (!tls) return undefined;
  const read = readOrNull(tls.certificatePem);
  if (!read) return undefined;
  const { names, issuer, notAfter } = read;
  const shown = names.slice(0, MAX_NAMES).map(({ value }) => value);
  const until = new Date(notAfter).toISOString().slice(0, 10);
  const told = shown.length > 0 ? shown.join(", ") : "no name or address";
  return visible(`its certificate is for ${told}, by ${issuer}, until ${until}`);
}

/** TLS turned this caller away; a connection that closes within the handshake may be no TLS at all. */
const keepsOut = ({ caller, seen }: Probe): boolean =>
  outcomeOf(caller, seen) === "refused" && !(seen.kind === "closed" && seen.stage === "handshake");

/** Callers who must not get in, and what it means that one does. */
const ADMITTED: Readonly<Partial<Record<Caller, string>>> = {
  plain:
    "Docker answers in plain HTTP: whoever reaches this port is root on the host, without any certificate.",
  none: "Docker answers over TLS without asking for a certificate: whoever reaches this port is root on the host.",
  untrusted: "Docker answers any client certificate: whoever reaches this port is root on the host.",
  expired: "Docker answers an expired certificate: a lost key never stops working.",
  unlisted: "Docker answers certificates that are not on the client list: revoking a client has no effect.",
  "server-usage": "Docker answers a server's certificate: whoever has the server's key is root on the host.",
};

function conclude(probes: readonly Probe[]): Pick<Proof, "danger" | "conclusion"> {
  const admitted = new Set(
    probes.filter(({ caller, seen }) => outcomeOf(caller, seen) === "admitted").map(({ caller }) => caller),
  );
  const worst = (["plain", ...WRONG_CALLERS] as const).find((caller) => admitted.has(caller));
  const conclusion = worst && ADMITTED[worst];
  if (conclusion) return { danger: "open", conclusion };
  if (probes.every(({ seen }) => seen.kind === "unreachable"))
    return { conclusion: "The port cannot be reached from here; that does not show who else can reach it." };
  if (probes.some((probe) => probe.caller === "none" && keepsOut(probe)))
    return {
      danger: "closed",
      conclusion: admitted.has("line")
        ? "Docker answers this line's certificate and refuses everything else that was tried."
        : "The port speaks TLS and refuses clients without a certificate.",
    };
  return { conclusion: "The probes found no open Docker API; that does not prove that there is none." };
}

/**
 * Concludes from probes of one endpoint.
 * @param probes at most one for each caller
 * @returns the danger only where it is shown
 */
export function concludeProof(probes: readonly Probe[]): Proof {
  const certificate = probes.map(({ seen }) => certificateOf(seen)).find((line) => line !== undefined);
  const says = probes.map(
    ({ caller, seen }) => `${describeCaller(caller)}: ${visible(describeObservation(seen))}`,
  );
  return { says: certificate === undefined ? says : [...says, certificate], ...conclude(probes) };
}
