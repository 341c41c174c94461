/** Times as tables show them; `--json` has them in full. */
import { counted, DAY_MS, HOUR_MS, MINUTE_MS } from "../../base/index.ts";

/** After these, a date says more. */
const MOST_DAYS = 99;

function span(ms: number): string {
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  return ms < 2 * DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : counted(Math.floor(ms / DAY_MS), "day");
}

/** The day in UTC. @param time milliseconds since the epoch */
export const date = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** When something was. The other machine's clock may be ahead. @param time and now: milliseconds since the epoch */
export function past(time: number, now: number): string {
  const ms = now - time;
  if (ms < MINUTE_MS) return "now";
  return ms > MOST_DAYS * DAY_MS ? date(time) : `${span(ms)} ago`;
}

/** When something will be; a date once it is over. @param time and now: milliseconds since the epoch */
export function future(time: number, now: number): string {
  const ms = time - now;
  return ms <= 0 || ms > MOST_DAYS * DAY_MS ? date(time) : `in ${span(ms)}`;
}
