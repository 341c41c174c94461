import { expect, test } from "vitest";
import { brokenReport, healthyReport } from "../../../test/support/doctor-report.ts";
import { PLAIN } from "../paint.ts";
import { renderHuman } from "./human.ts";

const options = { paint: PLAIN, width: 60, all: false };

test("the most severe finding comes first", () => {
  const text = renderHuman(brokenReport(), options);
  const order = ["CRITICAL", "HIGH", "INFO"].map((word) => text.indexOf(word));
  expect(order).toEqual(order.toSorted((one, other) => one - other));
  expect(order).not.toContain(-1);
});

test("no line exceeds the width, except commands", () => {
  const lines = renderHuman(brokenReport(), options).split("\n");
  const long = lines.filter((line) => line.length > 60);
  expect(long.map((line) => line.slice(10))).toEqual([
    "curl http://192.0.2.7:2375/_ping   # must fail afterwards",
    "chmod 600 /etc/docker/k\\x1b[2Jey\\n\\u202e.pem   # on the host   # not exact: control characters in it, see --json",
    "chmod 600 '/etc/docker/old key.pem'   # on the host",
  ]);
});

test("no control character of the host reaches the terminal", () => {
  const text = renderHuman(brokenReport(), options);
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text.split("\n").some((line) => line.startsWith(".pem"))).toBe(false);
});

test("colours do not change the text", () => {
  const dress = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
  const paint = { bold: dress(1), dim: dress(2), red: dress(31), green: dress(32), yellow: dress(33) };
  const coloured = renderHuman(brokenReport(), { ...options, paint });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
  expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(renderHuman(brokenReport(), options));
});

test("says when nothing could be checked at all", () => {
  const report = healthyReport();
  const results = report.results.filter(({ outcome }) => outcome === "skipped");
  expect(renderHuman({ ...report, results }, options)).toContain("web: nothing could be checked\n");
});
