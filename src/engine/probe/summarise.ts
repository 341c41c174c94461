/** Summarises all verdicts for each address in one sentence. */
import { describeObservation } from "../describe.ts";
import { formatEndpoint } from "../endpoint.ts";
import type { ProofState, Verdict } from "./judge.ts";
import type { UnreachableCause } from "./observation.ts";
import type { CaseKind, Target } from "./proof.ts";

/** The result of a proof for one address. */
export interface ProofSummary {
  readonly target: Target;
  readonly state: ProofState;
  /** Why it is unreachable, if it is: the advice for a firewall (timeout) differs from that for a missing route. */
  readonly cause?: UnreachableCause;
  /** A sentence without a full stop. */
  readonly reason: string;
  readonly verdicts: readonly Verdict[];
}

/** Worst first: an exposed address matters more than a broken one. */
const WORST_FIRST: readonly ProofState[] = ["exposed", "broken", "unreachable"];

const EXPOSED_TO: Record<CaseKind, string> = {
  line: "",
  none: "lets in clients without a certificate",
  untrusted: "lets in clients with a certificate of any CA",
  expired: "lets in clients whose certificate has expired",
  unlisted: "lets in clients that are not on the client list",
  former: "still lets in clients with a certificate of the CA that was replaced",
  plain: "serves the Docker API without TLS",
  closed: "serves the Docker API without TLS to anybody who can reach it",
};

function reasonOf(state: ProofState, verdict: Verdict): string {
  const { kind, endpoint } = verdict.case;
  const where = formatEndpoint(endpoint);
  if (state === "exposed") return `${where} ${EXPOSED_TO[kind]}`;
  const seen = describeObservation(verdict.seen);
  if (state === "unreachable" && kind === "line") return `${where} cannot be reached from here: ${seen}`;
  if (kind === "line") return `${where} does not serve your certificate: ${seen}`;
  return `${where} is not proven to be closed: ${verdict.says}`;
}

function summariseOne(verdicts: readonly [Verdict, ...Verdict[]]): ProofSummary {
  const { target } = verdicts[0].case;
  const state = WORST_FIRST.find((one) => verdicts.some((verdict) => verdict.state === one)) ?? "proven";
  const telling = verdicts.find((verdict) => verdict.state === state) ?? verdicts[0];
  if (state === "proven") {
    const reason = `${formatEndpoint(target.endpoint)} answers your certificate and refuses everybody else`;
    return { target, state, reason, verdicts };
  }
  const lost = state === "unreachable" &&
    telling.seen.kind === "unreachable" && { cause: telling.seen.cause };
  return { target, state, ...lost, reason: reasonOf(state, telling), verdicts };
}

/**
 * Groups verdicts by address, in the order of their first case.
 * @returns one summary for each target; `proven` only if every verdict is
 */
export function summarise(verdicts: readonly Verdict[]): ProofSummary[] {
  const groups = new Map<string, [Verdict, ...Verdict[]]>();
  for (const verdict of verdicts) {
    const { endpoint, serverName } = verdict.case.target;
    const key = `${serverName} ${formatEndpoint(endpoint)}`;
    const group = groups.get(key);
    if (group) group.push(verdict);
    else groups.set(key, [verdict]);
  }
  return [...groups.values()].map(summariseOne);
}
