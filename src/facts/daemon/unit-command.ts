/** docker.service's command line, and whether a daemon that runs was started with it. */
import type { ServiceFact } from "../host-facts.ts";
import { readExecStart } from "../systemd/exec-start.ts";

/** @returns the words, program first; none when there is not exactly one ExecStart=, or one that Linux cannot start */
export function unitCommandLine(service: ServiceFact): readonly string[] {
  const read = readExecStart(service);
  return read.ok ? read.command.argv : [];
}

/**
 * Whether a running process was started with this command line.
 * @param running /proc/PID/cmdline; a script's begins with its interpreter
 * @param unit what {@link unitCommandLine} gives; a word with a specifier left in it equals any word
 */
export function startedAs(running: readonly string[], unit: readonly string[]): boolean {
  const same = running.slice(-unit.length);
  return (
    running.length >= unit.length &&
    unit.every((word, at) => /%[A-Za-z]/.test(word) || word === same[at]) &&
    (running.length === unit.length || running.length - unit.length <= 2)
  );
}
