/** What knocking at the endpoint showed, held against what the message said. */

import { visible } from "../base/index.ts";
import { describeObservation, isDockerAnswer, type Observation } from "../engine/index.ts";
import { readCertificate } from "../pki/index.ts";
import type { Danger } from "./entry.ts";

/** Who knocked: in plain HTTP, over TLS without a certificate, or with the certificate of a line of this machine. */
export type Knock = "plain" | "stranger" | "line";

/** One knock and what came of it. */
export interface Knocked {
  readonly knock: Knock;
  readonly seen: Observation;
}

/** The proof, ready to be told. */
export interface Proof {
  /** One line a knock. */
  readonly says: readonly string[];
  /** Only where the knocks show it; else the message's topic has to do. */
  readonly danger?: Danger;
  readonly conclusion: string;
}

const WHO: Record<Knock, string> = {
  plain: "in plain HTTP",
  stranger: "over TLS, without a certificate",
  line: "with this line's certificate",
};

/** More names than fit a screen tell nobody anything. */
const MAX_NAMES = 12;

function certificateOf(seen: Observation): string | undefined {
  const tls = "tls" in seen ? seen.tls : undefined;
  if (!tls) return undefined;
  const { names, issuer, notAfter } = readCertificate(tls.certificatePem);
  const shown = names.slice(0, MAX_NAMES).map(({ value }) => value);
  const until = new Date(notAfter).toISOString().slice(0, 10);
  const told = shown.length > 0 ? shown.join(", ") : "no name or address";
  return visible(`its certificate is for ${told}, by ${issuer}, until ${until}`);
}

const dockerAnswers = (seen: Observation | undefined): boolean =>
  seen?.kind === "answered" && isDockerAnswer(seen.answer);

const refuses = (seen: Observation | undefined): boolean =>
  seen?.kind === "tls-alert" || (seen?.kind === "closed" && seen.stage === "answer");

function conclude(of: (knock: Knock) => Observation | undefined): Pick<Proof, "danger" | "conclusion"> {
  if (dockerAnswers(of("plain")))
    return {
      danger: "open",
      conclusion:
        "Docker answers in plain HTTP: whoever reaches this port is root on the host, without any certificate.",
    };
  if (dockerAnswers(of("stranger")))
    return {
      danger: "open",
      conclusion:
        "Docker answers over TLS without asking for a certificate: whoever reaches this port is root on the host.",
    };
  if (of("plain")?.kind === "unreachable" && of("stranger")?.kind === "unreachable")
    return { conclusion: "The port cannot be reached from here; who else reaches it is not shown." };
  if (refuses(of("stranger")))
    return {
      danger: "closed",
      conclusion: dockerAnswers(of("line"))
        ? "Docker answers this line's certificate, and nobody without one."
        : "The port speaks TLS and refuses whoever has no certificate.",
    };
  return { conclusion: "The knocks show no open Docker API; they do not show that there is none." };
}

/**
 * Concludes from knocks at one endpoint.
 * @param knocks at most one of each kind
 * @returns the danger only where it is shown
 */
export function concludeProof(knocks: readonly Knocked[]): Proof {
  const of = (knock: Knock): Observation | undefined => knocks.find((one) => one.knock === knock)?.seen;
  const certificate = knocks.map(({ seen }) => certificateOf(seen)).find((line) => line !== undefined);
  const says = knocks.map(({ knock, seen }) => `${WHO[knock]}: ${visible(describeObservation(seen))}`);
  return { says: certificate === undefined ? says : [...says, certificate], ...conclude(of) };
}
