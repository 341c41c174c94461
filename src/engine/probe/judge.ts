/**
 * Judges the results of a proof's probes. Silence, lost packets and refusals are different: only a refusal proves that
 * a caller is kept out.
 */
import { describeObservation, isDockerAnswer } from "../describe.ts";
import { formatEndpoint } from "../endpoint.ts";
import { describeCaller } from "./caller.ts";
import type { Observation } from "./observation.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { type CaseKind, callerOf, type ProofCase } from "./proof.ts";

/**
 * `exposed`: a caller gets in that must not. `broken`: something does not work as it must. `unreachable`: the probe
 * shows nothing.
 */
export type ProofState = "proven" | "unreachable" | "broken" | "exposed";

/** The conclusion from one case. */
export interface Verdict {
  readonly case: ProofCase;
  readonly seen: Observation;
  readonly state: ProofState;
  readonly ok: boolean;
  /** Proven, but worth reporting: something else listens on a port that used to be Docker's. */
  readonly note: boolean;
  /** One line: the caller, and what happened. */
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

function judgeLine(seen: Observation): Conclusion {
  if (seen.kind === "unreachable") return UNREACHABLE;
  const works =
    seen.kind === "answered" &&
    seen.tls !== undefined &&
    seen.answer.status === 200 &&
    seen.answer.apiVersion !== undefined;
  return works ? PROVEN : BROKEN;
}

/** Any HTTP answer over TLS, even an error, means that the handshake admitted a caller that it must refuse. */
const REFUSAL_WANTED: Readonly<Record<Outcome, Conclusion>> = {
  admitted: EXPOSED,
  declined: EXPOSED,
  other: EXPOSED,
  refused: PROVEN,
  unreachable: UNREACHABLE,
  distrusted: BROKEN,
  unreadable: BROKEN,
  silent: BROKEN,
};

function judgeClosed(seen: Observation): Conclusion {
  if (seen.kind === "unreachable") return PROVEN;
  // systemd holds connections to a socket unit until the daemon starts: a silent port may still turn out to be Docker.
  if (seen.kind === "silent") return BROKEN;
  if (seen.kind === "answered" && isDockerAnswer(seen.answer)) return EXPOSED;
  return { state: "proven", note: true };
}

function conclude(kind: CaseKind, seen: Observation): Conclusion {
  if (kind === "closed") return judgeClosed(seen);
  if (kind === "line") return judgeLine(seen);
  const outcome = outcomeOf(callerOf({ kind }), seen);
  // Something other than an engine listens on the line's port: nobody gets in, but the line does not work either.
  return kind === "plain" && outcome === "other" ? BROKEN : REFUSAL_WANTED[outcome];
}

function describeCase(proofCase: ProofCase): string {
  if (proofCase.kind === "former") return "a certificate of the CA before";
  return describeCaller(callerOf(proofCase));
}

function whereOf({ kind, target, endpoint }: ProofCase): string {
  const named = kind !== "closed" && target.serverName !== endpoint.host;
  return named ? `${formatEndpoint(endpoint)} (${target.serverName})` : formatEndpoint(endpoint);
}

/**
 * Judges one case alone; `judgeAll` also considers the other cases.
 * @returns proven, or why not, with one line for people
 */
export function judge(proofCase: ProofCase, seen: Observation): Verdict {
  const { state, note = false } = conclude(proofCase.kind, seen);
  const says = `${whereOf(proofCase)}, ${describeCase(proofCase)}: ${describeObservation(seen)}`;
  return { case: proofCase, seen, state, ok: state === "proven", note, says };
}

function needsReach({ case: { kind }, seen }: Verdict): boolean {
  // A refused connection is an answer from the host itself; a timeout looks the same for open and closed ports.
  return kind !== "closed" || (seen.kind === "unreachable" && seen.cause !== "refused");
}

/**
 * Judges cases together. If our own certificate did not reach the engine, the failure of other callers proves nothing.
 * An exposed case stays exposed.
 * @param outcomes each case with what it showed
 */
export function judgeAll(outcomes: readonly (readonly [ProofCase, Observation])[]): Verdict[] {
  const verdicts = outcomes.map(([proofCase, seen]) => judge(proofCase, seen));
  const reached = new Set(
    verdicts
      .filter((verdict) => verdict.case.kind === "line" && verdict.state !== "unreachable")
      .map((verdict) => formatEndpoint(verdict.case.target.endpoint)),
  );
  return verdicts.map((verdict) => {
    const unproven = !reached.has(formatEndpoint(verdict.case.target.endpoint)) && needsReach(verdict);
    if (!unproven || verdict.case.kind === "line" || verdict.state === "exposed") return verdict;
    return { ...verdict, state: "unreachable", ok: false, says: `${verdict.says} (proves nothing)` };
  });
}
