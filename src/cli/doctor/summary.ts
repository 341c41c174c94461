/** What came of each of several targets, in one table, and how many there are of each kind. */
import type { Visited } from "../../app/doctor/index.ts";
import { counted } from "../../base/index.ts";
import { findingsOf, SEVERITIES, worst } from "../../doctor/index.ts";
import { renderTable } from "../output/render-table.ts";

const NOT_EXAMINED = "not examined";
const NO_FINDINGS = "no findings";
const NOTHING_CHECKED = "nothing could be checked";

/** A severity, or why there is none. */
function kindOf(one: Visited): string {
  if ("error" in one) return NOT_EXAMINED;
  const { results } = one.report;
  const passed = results.some(({ outcome }) => outcome === "passed");
  return worst(results) ?? (passed ? NO_FINDINGS : NOTHING_CHECKED);
}

/** @returns a few words, as the headline of a report has them */
export function verdictOf(one: Visited): string {
  const kind = kindOf(one);
  if ("error" in one || worst(one.report.results) === null) return kind;
  return `${counted(findingsOf(one.report.results).length, "finding")}, the worst is ${kind}`;
}

function rowOf(one: Visited): string[] {
  if ("error" in one) return [one.name, NOT_EXAMINED, "-", one.error.message];
  const { subject, results } = one.report;
  return [one.name, kindOf(one), `${findingsOf(results).length}`, subject.insideMissing ?? ""];
}

/** From worst to best, and how many there are of each: `2 critical`. */
const KINDS: readonly (readonly [kind: string, counted: string])[] = [
  ...SEVERITIES.map((one) => [one, one] as const),
  [NOT_EXAMINED, NOT_EXAMINED],
  [NOTHING_CHECKED, "not checked"],
  [NO_FINDINGS, "without findings"],
];

/** @param columns how wide a table may be @returns lines */
export function renderSummary(all: readonly Visited[], columns: number): string[] {
  const kinds = all.map(kindOf);
  const parts = KINDS.flatMap(([kind, text]) => {
    const count = kinds.filter((one) => one === kind).length;
    return count === 0 ? [] : [`${count} ${text}`];
  });
  return [
    ...renderTable(["TARGET", "WORST", "FINDINGS", "REMARKS"], all.map(rowOf), columns),
    "",
    `${counted(all.length, "target")}: ${parts.join(", ")}`,
  ];
}
