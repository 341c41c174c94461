/**
 * Findings for programs: the format that docs/doctor.md describes. Within one version, fields are only added.
 */
import { json } from "../../base/index.ts";
import { describeObservation, formatEndpoint } from "../../engine/index.ts";
import { worst } from "../check.ts";
import type { EndpointReport } from "../subject.ts";
import { type Failure, findingsOf, helpOf, type Report } from "./report.ts";

/** Raised when a field goes away or changes its meaning. */
const FORMAT_VERSION = 1;

function toEndpoint({ endpoint, serverName, why, probes, offer }: EndpointReport) {
  return {
    address: formatEndpoint(endpoint),
    serverName,
    why,
    probes: probes.map(({ caller, seen }) => ({
      caller,
      outcome: seen.kind,
      says: describeObservation(seen),
    })),
    offer,
  };
}

function toFindings({ results }: Report) {
  return findingsOf(results).map(({ check, problem, severity }) => ({
    check: check.id,
    severity,
    where: problem.where,
    says: problem.says,
    evidence: problem.evidence,
    consequence: check.consequence,
    fix: problem.fix,
    fixedByUp: check.fixedByUp ?? false,
    help: helpOf(check),
    reference: check.reference,
  }));
}

function toReport(report: Report) {
  const { subject, results } = report;
  return {
    name: subject.name,
    at: new Date(subject.now).toISOString(),
    worst: worst(results),
    inside: { looked: subject.inside !== null, why: subject.insideMissing },
    endpoints: subject.endpoints.map(toEndpoint),
    findings: toFindings(report),
    passed: results.filter(({ outcome }) => outcome === "passed").map(({ check }) => check.id),
    skipped: results.flatMap((result) =>
      result.outcome === "skipped" ? [{ check: result.check.id, why: result.why }] : [],
    ),
  };
}

/**
 * All reports as one JSON document.
 * @param reports in the order in which the engines were named
 * @param toolVersion tetherdock's
 * @param failures engines without a report
 */
export function renderJson(
  reports: readonly Report[],
  toolVersion: string,
  failures: readonly Failure[] = [],
): string {
  return json.format({
    format: "tetherdock-doctor",
    version: FORMAT_VERSION,
    tool: { name: "tetherdock", version: toolVersion },
    reports: reports.map(toReport),
    failed: failures.map(({ name, error }) => ({ name, ...error.toJSON() })),
  });
}
