/** What the checks about intruders have in common: each looks at one knock, and leaves what a weaker one shows to that. */
import { describeObservation, formatEndpoint } from "../../../engine/index.ts";
import type { Problem } from "../../check.ts";
import { admits, seenBy } from "../../endpoint-view.ts";
import type { EndpointReport, KnockKind } from "../../subject.ts";

/** From the least that may get somebody in to the most. */
const WEAKEST_FIRST: readonly KnockKind[] = ["none", "stranger", "expired", "server-usage"];

/**
 * @param kind the knock the check is about
 * @returns what was seen, when this is the least that gets in: whoever needs nothing is let in with anything
 */
export function leastAdmitted(report: EndpointReport, kind: KnockKind): string | null {
  const least = WEAKEST_FIRST.find((weaker) => admits(report, weaker));
  const seen = seenBy(report, kind);
  return least === kind && seen ? describeObservation(seen) : null;
}

/** @returns the problem of one endpoint, with the command that shows it again */
export function intruderProblem(
  { endpoint }: EndpointReport,
  parts: { readonly says: string; readonly evidence: string; readonly fix: readonly string[] },
): Problem {
  const where = formatEndpoint(endpoint);
  return { where, says: `${where} ${parts.says}`, evidence: [parts.evidence], fix: parts.fix };
}
