/** The requirements of SARIF 2.1.0 for a log; this repository does not include the whole schema. */
import { expect, test } from "vitest";
import { brokenReport, healthyReport } from "../../../test/support/doctor-report.ts";
import { renderSarif } from "./sarif.ts";

const reports = [brokenReport(), healthyReport()];
const log = JSON.parse(renderSarif(reports, "1.2.3"));
const [run] = log.runs;
const { rules } = run.tool.driver;

test("3.13: a log has a version, a schema and runs", () => {
  expect(log.version).toBe("2.1.0");
  expect(log.$schema).toMatch(/^https:.*sarif-schema-2\.1\.0\.json$/);
  expect(log.runs).toHaveLength(1);
});

test("3.19: the driver has a name and unique rules, one for each check of the run", () => {
  expect(run.tool.driver).toMatchObject({ name: "tetherdock", semanticVersion: "1.2.3" });
  const ids = rules.map(({ id }: { id: string }) => id);
  expect(ids).toEqual(reports[0]?.results.map(({ check }) => check.id));
  for (const rule of rules) expect(["error", "warning", "note"]).toContain(rule.defaultConfiguration.level);
});

test("3.27: each result has a message, a rule index, a kind and a level", () => {
  expect(run.results).toHaveLength(3);
  for (const { ruleId, ruleIndex, kind, level, message } of run.results) {
    expect(rules[ruleIndex].id).toBe(ruleId);
    expect(kind).toBe("fail");
    expect(["error", "warning", "note"]).toContain(level);
    expect(message.text).not.toBe("");
  }
  expect(run.results.map(({ level }: { level: string }) => level)).toEqual(["error", "error", "note"]);
});

test("3.4: a file is a valid URI reference below the root of its host", () => {
  const locations: { physicalLocation?: { artifactLocation: object } }[] = run.results.flatMap(
    (result: { locations: object[] }) => result.locations,
  );
  const files = locations.flatMap(({ physicalLocation }) => physicalLocation?.artifactLocation ?? []);
  expect(files).toEqual([
    { uri: "etc/docker/k%1B%5B2Jey%0A%E2%80%AE.pem", uriBaseId: "core@vps.example" },
    { uri: "etc/docker/old%20key.pem", uriBaseId: "core@vps.example" },
  ]);
  expect(Object.keys(run.originalUriBaseIds)).toEqual(["core@vps.example", "web"]);
});

test("3.27.17: fingerprints differ between findings and do not depend on the wording", () => {
  const prints = (text: string): string[] =>
    JSON.parse(text).runs[0].results.map(
      (result: { partialFingerprints: Record<string, string> }) =>
        result.partialFingerprints["checkEngineWhere/v1"],
    );
  const [report] = reports;
  const reworded = report?.results.map((result) =>
    result.outcome === "failed"
      ? { ...result, problems: result.problems.map((problem) => ({ ...problem, says: "other words" })) }
      : result,
  );
  const before = prints(renderSarif(reports, "1.2.3"));
  expect(new Set(before).size).toBe(before.length);
  expect(prints(renderSarif([{ ...brokenReport(), results: reworded ?? [] }], "1.2.3"))).toEqual(before);
});

test("3.58: skipped checks are notifications", () => {
  const [{ executionSuccessful, toolExecutionNotifications: notes }] = run.invocations;
  expect(executionSuccessful).toBe(true);
  expect(notes).toHaveLength(6);
  for (const { associatedRule, message } of notes) {
    expect(rules[associatedRule.index].id).toBe(associatedRule.id);
    expect(message.text).toContain("skipped: ");
  }
});
