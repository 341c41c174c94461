/** When the end of a line's CA is reported, and what helps: its next certificate has the same key (ADR 0032). */
import { counted, DAY_MS, shellJoin } from "../../base/index.ts";
import { type Line, type Validity, WARNING_MS, wayTo } from "../../line/index.ts";

/** In the CA's last year, everything that it signs ends with it. */
const LAST_YEAR_MS = 365 * DAY_MS;

/**
 * What gets the CA's next certificate on this machine: a command that runs, or whom to ask.
 * @param isOver the CA has ended: then this machine no longer trusts the host, and cannot renew
 */
function wayToNewCa(line: Line, isOver: boolean): string {
  const way = wayTo(line);
  if (way !== undefined) return `renew it: ${shellJoin(["tetherdock", "up", way ?? "--local"])}`;
  if (line.mode === "native" || isOver) return "ask whoever set the line up for the new ca.pem";
  const renew = shellJoin(["tetherdock", "renew", "--force", line.name]);
  return `renew it: ${renew}   # after tetherdock up where the line was set up`;
}

/** How long before its end a CA is worth a problem of `status` and `doctor`, ms: longer where something can be done. */
export const caWindow = (line: Line): number => (wayTo(line) === undefined ? WARNING_MS : LAST_YEAR_MS);

/**
 * @param window how long before the end it is told, ms
 * @param now milliseconds since the epoch
 * @returns undefined: there is nothing to tell
 */
export function caEnding(line: Line, ca: Validity, window: number, now: number): string | undefined {
  const left = ca.notAfter - now;
  if (left >= window) return undefined;
  const ends = left < 0 ? "has ended" : `ends in ${counted(Math.floor(left / DAY_MS), "day")}`;
  return `the CA of the line ${line.name} ${ends}, and every certificate with it; ${wayToNewCa(line, left < 0)}`;
}
