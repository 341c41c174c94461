import { expect, test } from "vitest";
import { TetherdockError } from "../../base/index.ts";
import { asOne, reportError } from "./report-error.ts";
import { createStyle, terminalLine } from "./style.ts";

const error = new TetherdockError("LINE_NONE", "no line here", {
  why: ["nothing was set up"],
  hints: ["tetherdock up user@host"],
  attempts: [{ what: "192.0.2.7:2376", why: "refused" }],
});

test("a TetherdockError has its message, reasons, attempts, hints and help page", () => {
  expect(reportError(error, createStyle(false))).toMatchObject({
    lines: [
      "tetherdock: error: no line here",
      "  why: nothing was set up",
      "  tried: 192.0.2.7:2376: refused",
      "  try: tetherdock up user@host",
      "  see: tetherdock help LINE_NONE",
    ],
    exitStatus: 3,
  });
  expect(JSON.parse(JSON.stringify(reportError(error, createStyle(false)).json))).toMatchObject({
    error: { code: "LINE_NONE" },
  });
});

test("any other error is a bug in tetherdock, with its stack", () => {
  const report = reportError(new TypeError("x is not a function"), createStyle(false));
  expect(report.exitStatus).toBe(70);
  expect(report.lines[0]).toBe("tetherdock: error: a bug in tetherdock");
  expect(report.lines[1]).toMatch(/^ {2}please report: tetherdock \d/);
  expect(report.lines.join()).toContain("report-error.test.ts");
  expect(report.json).toMatchObject({
    error: { code: "INTERNAL", why: ["x is not a function"] },
  });
  expect(reportError("thrown text", createStyle(false)).lines).toContain("  | thrown text");
});

test("colours only on request", () => {
  const [first = ""] = reportError(error, createStyle(true)).lines;
  expect(terminalLine(first)).toContain("\u001b[31mtetherdock: error:\u001b[39m");
});

test("a message of several lines cannot add a line that looks like ours", () => {
  const { lines } = reportError(new Error("x\n  try: rm -rf /"), createStyle(false));
  expect(lines.filter((line) => /^\s*try:/.test(line))).toEqual([]);
});

test("several complaints about a command line are one failure, each hint once", () => {
  const usage = (message: string, hint: string) =>
    new TetherdockError("USAGE", message, { hints: [hint, "help"] });
  expect(asOne([usage("one is bad", "a"), usage("so is another", "b")])).toMatchObject({
    code: "USAGE",
    message: "one is bad",
    why: ["so is another"],
    hints: ["a", "help", "b"],
  });
  const bug = new TypeError("x");
  expect(asOne([bug, error])).toBe(bug);
  expect(asOne([error, bug])).toBe(error);
  expect(asOne([error])).toMatchObject({ code: "LINE_NONE", hints: error.hints });
});
