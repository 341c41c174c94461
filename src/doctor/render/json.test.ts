import { expect, test } from "vitest";
import { brokenReport } from "../../../test/support/doctor-report.ts";
import { renderJson } from "./json.ts";

test("keeps the exact text, and is safe on a terminal", () => {
  const report = brokenReport();
  const text = renderJson([report], "0.0.0");
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  const problems = report.results.flatMap((result) => (result.outcome === "failed" ? result.problems : []));
  const { findings } = JSON.parse(text).reports[0];
  expect(findings.map(({ where }: { where: string }) => where).sort()).toEqual(
    problems.map(({ where }) => where).sort(),
  );
});

test("escapes format characters beyond U+FFFF too", () => {
  const report = brokenReport();
  const name = "tag\u{e0041}";
  const text = renderJson([{ ...report, subject: { ...report.subject, name } }], "0.0.0");
  expect(text).toContain('"tag\\udb40\\udc41"');
  expect(JSON.parse(text).reports[0].name).toBe(name);
});

test("every check is in exactly one of findings, passed and skipped", () => {
  const report = brokenReport();
  const { findings, passed, skipped } = JSON.parse(renderJson([report], "0.0.0")).reports[0];
  const failed = new Set(findings.map(({ check }: { check: string }) => check));
  const ids = [...failed, ...passed, ...skipped.map(({ check }: { check: string }) => check)];
  expect(ids.sort()).toEqual(report.results.map(({ check }) => check.id).sort());
});
