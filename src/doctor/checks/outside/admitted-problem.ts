/**
 * Shared by the checks about wrong certificates: each is about one caller, and reports nothing if a caller with less
 * gets in.
 */
import { type Caller, describeObservation, formatEndpoint, WRONG_CALLERS } from "../../../engine/index.ts";
import type { Problem } from "../../check.ts";
import { admits, seenBy } from "../../endpoint-view.ts";
import type { EndpointReport } from "../../subject.ts";

/**
 * @param caller the one the check is about
 * @returns what was seen, when this is the least that gets in: whoever needs nothing is let in with anything
 */
export function leastAdmitted(report: EndpointReport, caller: Caller): string | null {
  const least = WRONG_CALLERS.find((weaker) => admits(report, weaker));
  const seen = seenBy(report, caller);
  return least === caller && seen ? describeObservation(seen) : null;
}

/** @returns the problem of one endpoint, with the command that shows it again */
export function admittedProblem(
  { endpoint }: EndpointReport,
  parts: { readonly says: string; readonly evidence: string; readonly fix: readonly string[] },
): Problem {
  const where = formatEndpoint(endpoint);
  return { where, says: `${where} ${parts.says}`, evidence: [parts.evidence], fix: parts.fix };
}
