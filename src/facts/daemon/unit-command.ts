/** docker.service's command line, and whether the running daemon was started with it. */
import type { ServiceFact } from "../host-facts.ts";
import { readExecStart } from "../systemd/exec-start.ts";

/** @returns the words, program first; none if there is not exactly one ExecStart=, or Linux cannot start it */
export function unitCommandLine(service: ServiceFact): readonly string[] {
  const read = readExecStart(service);
  return read.ok ? read.command.argv : [];
}

/**
 * Whether a running process was started with this command line.
 * @param running /proc/PID/cmdline; for a script it begins with the interpreter
 * @param unit from {@link unitCommandLine}; a word that still contains a specifier matches any word
 */
export function startedAs(running: readonly string[], unit: readonly string[]): boolean {
  const same = running.slice(-unit.length);
  return (
    running.length >= unit.length &&
    unit.every((word, at) => /%[A-Za-z]/.test(word) || word === same[at]) &&
    (running.length === unit.length || running.length - unit.length <= 2)
  );
}
