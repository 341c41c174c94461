/** What each knock of a proof must have shown. Silence, loss and refusal are three things: only refusal proves. */
import { describeObservation, isDockerAnswer } from "../describe.ts";
import { formatEndpoint } from "../endpoint.ts";
import type { HttpAnswer, Observation } from "./observation.ts";
import type { CaseKind, ProofCase } from "./proof.ts";

/** `exposed`: somebody gets in who must not. `broken`: it does not work as it must. `unreachable`: nothing is shown. */
export type ProofState = "proven" | "unreachable" | "broken" | "exposed";

/** What was concluded from one case. */
export interface Verdict {
  readonly case: ProofCase;
  readonly seen: Observation;
  readonly state: ProofState;
  readonly ok: boolean;
  /** Proven, and yet worth telling: something else listens on a port that used to be Docker's. */
  readonly note: boolean;
  /** One line: who knocked, and what happened. */
  readonly says: string;
}

interface Conclusion {
  readonly state: ProofState;
  readonly note?: boolean;
}

const PROVEN: Conclusion = { state: "proven" };
const EXPOSED: Conclusion = { state: "exposed" };
const BROKEN: Conclusion = { state: "broken" };
const UNREACHABLE: Conclusion = { state: "unreachable" };

const WHO: Record<CaseKind, string> = {
  ours: "your certificate",
  none: "no certificate",
  stranger: "another CA's certificate",
  expired: "an expired certificate",
  unlisted: "a certificate that is on no list",
  plain: "plain HTTP",
  closed: "plain HTTP",
};

function judgeOurs(seen: Observation): Conclusion {
  if (seen.kind === "unreachable") return UNREACHABLE;
  const works =
    seen.kind === "answered" &&
    seen.tls !== undefined &&
    seen.answer.status === 200 &&
    seen.answer.apiVersion !== undefined;
  return works ? PROVEN : BROKEN;
}

/** Any HTTP answer behind TLS, even an error, means that the handshake let somebody in whom it must keep out. */
function judgeIntruder(seen: Observation): Conclusion {
  switch (seen.kind) {
    case "tls-alert":
    case "closed":
      return PROVEN;
    case "answered":
      return EXPOSED;
    case "unreachable":
      return UNREACHABLE;
    default:
      return BROKEN;
  }
}

const FORBIDDEN = 403;

/** A gateway may say in HTTP that it knows the certificate's CA and not the client; no answer of an engine is among it. */
function judgeUnlisted(seen: Observation): Conclusion {
  if (seen.kind !== "answered") return judgeIntruder(seen);
  return seen.answer.status === FORBIDDEN && !isDockerAnswer(seen.answer) ? PROVEN : EXPOSED;
}

/** dockerd's TLS port answers plain HTTP with 400 and no Api-Version (Go's net/http does it): a refusal. */
function judgePlainAnswer(answer: HttpAnswer): Conclusion {
  if (isDockerAnswer(answer)) return EXPOSED;
  return answer.status >= 400 ? PROVEN : BROKEN;
}

function judgePlain(seen: Observation): Conclusion {
  switch (seen.kind) {
    case "answered":
      return judgePlainAnswer(seen.answer);
    case "closed":
      return PROVEN;
    case "garbage":
      // An alert record is how OpenSSL's servers answer bytes that are no TLS.
      return seen.speaks === "tls" ? PROVEN : BROKEN;
    case "unreachable":
      return UNREACHABLE;
    default:
      return BROKEN;
  }
}

function judgeClosed(seen: Observation): Conclusion {
  if (seen.kind === "unreachable") return PROVEN;
  // systemd holds connections to a socket unit until the daemon behind it comes up: silence may yet become Docker.
  if (seen.kind === "silent") return BROKEN;
  if (seen.kind === "answered" && isDockerAnswer(seen.answer)) return EXPOSED;
  return { state: "proven", note: true };
}

const JUDGES: Record<CaseKind, (seen: Observation) => Conclusion> = {
  ours: judgeOurs,
  none: judgeIntruder,
  stranger: judgeIntruder,
  expired: judgeIntruder,
  unlisted: judgeUnlisted,
  plain: judgePlain,
  closed: judgeClosed,
};

function whereOf({ kind, target, endpoint }: ProofCase): string {
  const named = kind !== "closed" && target.serverName !== endpoint.host;
  return named ? `${formatEndpoint(endpoint)} (${target.serverName})` : formatEndpoint(endpoint);
}

/**
 * Judges one case for itself; `judgeAll` also sees what the others say about it.
 * @returns proven, or why not, with one line for people
 */
export function judge(proofCase: ProofCase, seen: Observation): Verdict {
  const { state, note = false } = JUDGES[proofCase.kind](seen);
  const says = `${whereOf(proofCase)}, ${WHO[proofCase.kind]}: ${describeObservation(seen)}`;
  return { case: proofCase, seen, state, ok: state === "proven", note, says };
}

function needsReach({ case: { kind }, seen }: Verdict): boolean {
  // A refused connection was an answer from the host itself; lost packets look the same for open and closed ports.
  return kind !== "closed" || (seen.kind === "unreachable" && seen.cause !== "refused");
}

/**
 * Judges cases together: where our own certificate did not even reach the engine, nobody else's failure to get in
 * proves anything. What is seen to be exposed stays exposed.
 * @param outcomes each case with what it showed
 */
export function judgeAll(outcomes: readonly (readonly [ProofCase, Observation])[]): Verdict[] {
  const verdicts = outcomes.map(([proofCase, seen]) => judge(proofCase, seen));
  const reached = new Set(
    verdicts
      .filter((verdict) => verdict.case.kind === "ours" && verdict.state !== "unreachable")
      .map((verdict) => formatEndpoint(verdict.case.target.endpoint)),
  );
  return verdicts.map((verdict) => {
    const unproven = !reached.has(formatEndpoint(verdict.case.target.endpoint)) && needsReach(verdict);
    if (!unproven || verdict.case.kind === "ours" || verdict.state === "exposed") return verdict;
    return { ...verdict, state: "unreachable", ok: false, says: `${verdict.says} (proves nothing)` };
  });
}
