/** The result of one visit, the input of every rendering. */
import type { TetherdockError } from "../../base/index.ts";
import { type Check, type Problem, type Result, SEVERITIES, type Severity } from "../check.ts";
import type { Subject } from "../subject.ts";

/** One engine and the results of its checks. */
export interface Report {
  readonly subject: Subject;
  readonly results: readonly Result[];
}

/** An engine that was not examined: of several, it stops no other. */
export interface Failure {
  readonly name: string;
  readonly error: TetherdockError;
}

/** A problem, the check that found it, and its final severity. */
export interface Finding {
  readonly check: Check;
  readonly problem: Problem;
  readonly severity: Severity;
}

/** All findings, worst first; within one severity in the order of the checks. */
export function findingsOf(results: readonly Result[]): Finding[] {
  const findings = results.flatMap((result) =>
    result.outcome === "failed"
      ? result.problems.map((problem) => ({
          check: result.check,
          problem,
          severity: problem.severity ?? result.check.severity,
        }))
      : [],
  );
  const rank = ({ severity }: Finding) => SEVERITIES.indexOf(severity);
  return findings.sort((one, other) => rank(one) - rank(other));
}

/** The command that explains what a check found. */
export function helpOf({ id }: Check): string {
  return `tetherdock help ${id}`;
}
