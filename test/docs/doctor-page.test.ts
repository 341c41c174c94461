/** docs/doctor.md shows drawings and a format: they are what the program prints. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { exitStatusOf } from "../../src/cli/doctor/exit-status.ts";
import { renderJson, SEVERITIES } from "../../src/doctor/index.ts";
import { brokenReport } from "../support/doctor-report.ts";
import { blocksOf } from "./console-blocks.ts";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");
const page = await read("docs/doctor.md");

test("the drawings and the matrix equal the golden files", async () => {
  const shown = blocksOf(page)
    .filter(({ language }) => language === "text")
    .map(({ lines }) => `${lines.join("\n")}\n`);
  const [matrix = ""] = (await read("test/golden/doctor/topology/pitfall-2.matrix.txt")).split("\n\n");
  const [drawing, clients, ...rest] = shown;
  expect(drawing).toBe(await read("test/golden/doctor/topology/pitfall-1.unicode.txt"));
  expect(await read("test/golden/doctor/topology/made-by-gateway.unicode.txt")).toContain(clients);
  expect(rest).toEqual([`${matrix}\n`]);
});

test("each severity's exit status is in the table", () => {
  for (const severity of SEVERITIES)
    expect(page).toMatch(new RegExp(`^\\| ${severity} \\| .* \\| ${exitStatusOf(severity)} \\|$`, "m"));
});

test("every field of a topology's clients is described", async () => {
  const { entrances } = JSON.parse(await read("test/golden/doctor/topology/made-by-gateway.json"));
  const clients = entrances.flatMap((entrance: { clients: object | null }) => entrance.clients ?? []);
  const names = [entrances[0], clients[0], clients[0].list[0], { why: "" }].flatMap(Object.keys);
  expect(names).toContain("equalsRoot");
  const described = page.slice(page.indexOf("`topology --json`"));
  for (const name of names) expect(described).toMatch(new RegExp(`\`${name}(\\[\\])?\``));
});

test("every field of the JSON is described", () => {
  const { reports, ...head } = JSON.parse(renderJson([brokenReport()], "0"));
  const [report] = reports;
  const [{ probes, offer: _offer, ...endpoint }] = report.endpoints;
  const names = [head, report, endpoint, probes[0], report.findings[0], report.skipped[0], report.inside];
  const described = page.slice(page.indexOf("## For programs"));
  for (const name of names.flatMap(Object.keys))
    expect(described).toMatch(new RegExp(`[\`.]${name}(\\[\\])?\``));
});
