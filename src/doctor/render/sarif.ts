/**
 * Findings for code-scanning tools.
 * @see SARIF 2.1.0 (OASIS): 3.19 toolComponent, 3.27 result, 3.28 location, 3.58 notification
 */

import { createHash } from "node:crypto";
import { inOneLine, json } from "../../base/index.ts";
import type { Check, Severity } from "../check.ts";
import { type Failure, type Finding, findingsOf, helpOf, type Report } from "./report.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const LEVELS: Record<Severity, "error" | "warning" | "note"> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};

// Code-scanning tools sort by this number: above 9 is critical, 7 high, 4 medium.
const SECURITY_SEVERITY: Record<Severity, string> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.0",
  low: "2.0",
  info: "0.0",
};

function toRule(check: Check) {
  return {
    id: check.id,
    shortDescription: { text: check.states },
    fullDescription: { text: `Otherwise ${check.consequence}` },
    help: { text: `See ${helpOf(check)} and ${check.reference}` },
    defaultConfiguration: { level: LEVELS[check.severity] },
    properties: { tags: ["security"], "security-severity": SECURITY_SEVERITY[check.severity] },
  };
}

/** A place on a host is no file of a repository: it has a name, and a path below that host's root if it is a file. */
function toLocation(name: string, where: string) {
  const logicalLocations = [{ name: where, fullyQualifiedName: `${name}/${where}`, kind: "resource" }];
  if (!where.startsWith("/")) return { logicalLocations };
  const uri = where.slice(1).toWellFormed().split("/").map(encodeURIComponent).join("/");
  return { physicalLocation: { artifactLocation: { uri, uriBaseId: name } }, logicalLocations };
}

// Not the statement: its figures (days left) change while the matter stays the same.
function fingerprint(name: string, { check, problem }: Finding): string {
  return createHash("sha256").update([check.id, name, problem.where].join("\0")).digest("hex");
}

function toResult(name: string, finding: Finding, rules: readonly Check[]) {
  const { check, problem, severity } = finding;
  const text = [
    problem.says,
    `Seen: ${problem.evidence.join("; ")}`,
    `It means: ${check.consequence}`,
    `Fix: ${problem.fix.join("; ")}`,
  ].join(". ");
  return {
    ruleId: check.id,
    ruleIndex: rules.indexOf(check),
    kind: "fail",
    level: LEVELS[severity],
    message: { text },
    locations: [toLocation(name, problem.where)],
    partialFingerprints: { "checkEngineWhere/v1": fingerprint(name, finding) },
    properties: { severity },
  };
}

/** Skipped checks: a reader of "no results" must see what was not checked. */
function toNotifications({ subject, results }: Report, rules: readonly Check[]) {
  return results.flatMap((result) =>
    result.outcome === "skipped"
      ? [
          {
            level: "note",
            message: { text: `${subject.name}: skipped: ${result.why}` },
            associatedRule: { id: result.check.id, index: rules.indexOf(result.check) },
          },
        ]
      : [],
  );
}

/**
 * All reports as one SARIF log with one run.
 * @param reports of the same checks
 * @param toolVersion tetherdock's
 * @param failures engines without a report
 */
export function renderSarif(
  reports: readonly Report[],
  toolVersion: string,
  failures: readonly Failure[] = [],
): string {
  const rules = [...new Set(reports.flatMap(({ results }) => results.map(({ check }) => check)))];
  const roots = reports.map(
    ({ subject: { name } }) => [name, { description: { text: `the root directory of ${name}` } }] as const,
  );
  const run = {
    tool: { driver: { name: "tetherdock", semanticVersion: toolVersion, rules: rules.map(toRule) } },
    invocations: [
      {
        executionSuccessful: failures.length === 0,
        toolExecutionNotifications: [
          ...failures.map(({ name, error }) => ({
            level: "error",
            message: { text: `${name}: not examined: ${inOneLine(error)}` },
          })),
          ...reports.flatMap((report) => toNotifications(report, rules)),
        ],
      },
    ],
    originalUriBaseIds: Object.fromEntries(roots),
    results: reports.flatMap(({ subject, results }) =>
      findingsOf(results).map((finding) => toResult(subject.name, finding, rules)),
    ),
  };
  return json.format({ $schema: SCHEMA, version: "2.1.0", runs: [run] });
}
