/** Prints figures: the machine first, since figures mean nothing without it. */
import { cpus } from "node:os";
import type { Summary } from "./median.ts";

/** @param what one line about what is measured, and how often */
export function head(what: string): void {
  console.log(`\n${what}`);
  console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.version}`);
}

export function row(name: string, { median, spread }: Summary, note = ""): void {
  const figure = `${median.toFixed(median < 100 ? 1 : 0).padStart(7)} ms  ±${(spread * 50).toFixed(0).padStart(2)} %`;
  console.log(`${name.padEnd(34)}${figure}  ${note}`.trimEnd());
}

/** Prints whether a goal is met; a missed one makes the process fail. */
export function goal(text: string, held: boolean): void {
  console.log(`goal ${text}: ${held ? "held" : "MISSED"}`);
  if (!held) process.exitCode = 1;
}
