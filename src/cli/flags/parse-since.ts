/** `--since`: how long ago, or when. */
import { type Clock, DAY_MS, parseDuration, TetherdockError } from "../../base/index.ts";

/** @param clock the time now @returns milliseconds since the Unix epoch */
export type Since = (clock: Clock) => number;

/** A date, or a date and a time. Without a zone both are this machine's, as for `docker logs --since`; a date is its first moment. */
const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** JavaScript takes 31 February for 3 March. */
const isDay = (date: string): boolean => new Date(date).toISOString().startsWith(date);

/** @returns milliseconds since the Unix epoch; undefined: it is no date */
export function parseInstant(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined;
  // ECMAScript takes a date without a time as UTC
  const at = Date.parse(text.includes("T") ? text : `${text}T00:00`);
  return at >= 0 && isDay(text.slice(0, 10)) ? at : undefined;
}

/** @throws USAGE */
export function parseSince(text: string): Since {
  if (/^\d+[smhd]$/.test(text)) {
    const agoMs = parseDuration(text);
    return (clock) => Math.max(0, Math.floor(clock() - agoMs));
  }
  const at = parseInstant(text);
  if (at !== undefined) return () => at;
  throw new TetherdockError("USAGE", `cannot read the time "${text}"`, {
    hints: ["write how long ago, or when: 90s, 5m, 24h, 7d, 2026-01-31, 2026-01-31T08:00:00Z"],
  });
}

/** @param since undefined: not given, which means a week ago */
export const sinceOrLastWeek = (since: Since | undefined, clock: Clock): number =>
  since?.(clock) ?? clock() - 7 * DAY_MS;
