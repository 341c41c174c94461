import { expect, test } from "vitest";
import { brokenReport, healthyReport } from "../../../test/support/doctor-report.ts";
import type { Visited } from "../../app/doctor/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { renderSummary, verdictOf } from "./summary.ts";

const error = new TetherdockError("LINE_BROKEN", "line.json cannot be read");
const all: readonly Visited[] = [
  { name: "web", word: "web", report: healthyReport() },
  { name: "vps", word: "vps", report: brokenReport() },
  { name: "old", word: "old", error },
  { name: "db", word: "db", report: { ...healthyReport(), results: [] } },
];

test("a row for each, in order, and how many there are of each kind, the worst first", () => {
  expect(renderSummary(all, Number.POSITIVE_INFINITY).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual(
    [
      ["TARGET", "WORST"],
      ["web", "no findings"],
      ["vps", "critical"],
      ["old", "not examined"],
      ["db", "nothing could be checked"],
      [""],
      ["4 targets: 1 critical, 1 not examined, 1 not checked, 1 without findings"],
    ],
  );
});

test("why a host was not examined, or not from inside, is in its row", () => {
  const report = healthyReport();
  const outside = { ...report, subject: { ...report.subject, insideMissing: "not inspected: no ssh" } };
  const lines = renderSummary([...all, { name: "far", word: "far", report: outside }], 300);
  expect(lines[3]).toContain("line.json cannot be read");
  expect(lines[5]).toContain("not inspected: no ssh");
});

test("in a few words, as each is done", () => {
  expect(all.map(verdictOf)).toEqual([
    "no findings",
    expect.stringMatching(/^\d+ findings, the worst is critical$/),
    "not examined",
    "nothing could be checked",
  ]);
});
