/** Compares the renderings with files that people have read: after an intended change, run `vitest run -u` and read them again. */
import { expect, test } from "vitest";
import { brokenReport, healthyReport } from "../../../test/support/doctor-report.ts";
import { PLAIN } from "../paint.ts";
import { renderHuman } from "./human.ts";
import { renderJson } from "./json.ts";
import { renderSarif } from "./sarif.ts";

const GOLDEN = "../../../test/golden/doctor";
const reports = [brokenReport(), healthyReport()];

test.for([
  ["findings-80.txt", { paint: PLAIN, width: 80, all: false }],
  ["findings-44.txt", { paint: PLAIN, width: 44, all: false }],
  ["findings-all.txt", { paint: PLAIN, width: 300, all: true }],
] as const)("%s", async ([file, options]) => {
  const text = reports.map((report) => renderHuman(report, options)).join("\n");
  await expect(text).toMatchFileSnapshot(`${GOLDEN}/${file}`);
});

test("findings.json", async () => {
  await expect(renderJson(reports, "0.0.0")).toMatchFileSnapshot(`${GOLDEN}/findings.json`);
});

test("findings.sarif", async () => {
  await expect(renderSarif(reports, "0.0.0")).toMatchFileSnapshot(`${GOLDEN}/findings.sarif`);
});
