/** Findings for people: the worst first, each with its evidence, its consequence, and commands to fix it. */
import { counted, visible, wrapText } from "../../base/index.ts";
import { type Result, type Severity, worst } from "../check.ts";
import type { Paint } from "../paint.ts";
import { type Finding, findingsOf, helpOf, type Report } from "./report.ts";

/** How it is shown. */
export interface HumanOptions {
  readonly paint: Paint;
  /** Characters a line, 40 or more; commands may be longer. */
  readonly width: number;
  /** Whether to name the checks that passed, and each that was skipped. */
  readonly all: boolean;
}

const INDENT = 10;
const LABEL = 8;
// Longer lines are hard to read, however wide the terminal.
const MAX_WIDTH = 100;

function paintSeverity({ red, yellow, dim, bold }: Paint, severity: Severity): string {
  const dress = { critical: red, high: red, medium: yellow, low: yellow, info: dim }[severity];
  return bold(dress(severity.toUpperCase().padEnd(INDENT)));
}

function labelled(label: string, lines: readonly string[], paint: Paint): string[] {
  return lines.map((line, at) => `  ${paint.dim((at === 0 ? label : "").padEnd(LABEL))}${line}`);
}

/** A command that had to be changed to be shown safely no longer is the command. */
function shownCommand(command: string): string {
  const shown = visible(command);
  return shown === command ? command : `${shown}   # not exact: control characters in it, see --json`;
}

function renderFinding({ check, problem, severity }: Finding, { paint, width }: HumanOptions): string {
  const [first = "", ...more] = wrapText(visible(problem.says), width - INDENT);
  const prose = (text: string) => wrapText(visible(text), width - LABEL - 2);
  const lines = [
    paintSeverity(paint, severity) + paint.bold(first),
    ...more.map((line) => " ".repeat(INDENT) + paint.bold(line)),
    ...labelled("where", prose(problem.where), paint),
    ...labelled("seen", problem.evidence.flatMap(prose), paint),
    ...labelled("means", prose(check.consequence), paint),
    ...labelled("fix", problem.fix.map(shownCommand), paint),
    ...labelled("more", [helpOf(check)], paint),
  ];
  return `${lines.join("\n")}\n`;
}

function headline({ subject, results }: Report, findings: number, paint: Paint): string {
  const severity = worst(results);
  const passed = results.some(({ outcome }) => outcome === "passed");
  const name = paint.bold(visible(subject.name));
  if (severity !== null) return `${name}: ${counted(findings, "finding")}, the worst is ${severity}\n`;
  // If nothing could be checked, nothing passed.
  return `${name}: ${passed ? paint.green("no findings") : paint.yellow("nothing could be checked")}\n`;
}

function skipReasons(results: readonly Result[]): string {
  const reasons = new Map<string, number>();
  for (const result of results)
    if (result.outcome === "skipped") reasons.set(result.why, (reasons.get(result.why) ?? 0) + 1);
  return [...reasons].map(([why, times]) => `${times} skipped: ${visible(why)}`).join("; ");
}

function summary(results: readonly Result[], width: number): string[] {
  const passed = results.filter(({ outcome }) => outcome === "passed").length;
  const failed = results.filter(({ outcome }) => outcome === "failed").length;
  const skipped = skipReasons(results);
  const counts = `${counted(results.length, "check")}: ${passed} passed, ${failed} failed`;
  return wrapText(skipped === "" ? counts : `${counts}, ${skipped}`, width);
}

function everyCheck(results: readonly Result[], { paint, width }: HumanOptions): string[] {
  return results.flatMap((result) => {
    if (result.outcome === "failed") return [];
    const passed = result.outcome === "passed";
    const text = passed ? result.check.states : `${result.check.states} (${visible(result.why)})`;
    const [first = "", ...more] = wrapText(text, width - INDENT);
    const word = passed ? paint.green("passed".padEnd(INDENT)) : paint.dim("skipped".padEnd(INDENT));
    return [word + first, ...more.map((line) => " ".repeat(INDENT) + line)];
  });
}

/**
 * One report as text.
 * @param report one engine's results
 * @param options `width` counts characters; lines are at most 100 long, but for commands and long words
 * @returns lines with a newline at the end of each; nothing from the host can move the cursor
 */
export function renderHuman(report: Report, options: HumanOptions): string {
  const bounded = { ...options, width: Math.min(options.width, MAX_WIDTH) };
  const { results } = report;
  const findings = findingsOf(results);
  const last = [
    ...(options.all ? [...everyCheck(results, bounded), ""] : []),
    ...summary(results, bounded.width).map(options.paint.dim),
  ];
  return [
    headline(report, findings.length, options.paint),
    ...findings.map((finding) => renderFinding(finding, bounded)),
    last.map((line) => `${line}\n`).join(""),
  ].join("\n");
}
