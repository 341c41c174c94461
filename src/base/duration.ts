/** Durations as users write them: `90s`, `5m`, `24h`, `30d`. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./clock.ts";
import { TetherdockError } from "./error.ts";

const UNIT_MS = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const;

/**
 * @param text a whole number and one of s, m, h, d
 * @returns milliseconds, more than 0
 * @throws USAGE when the text is anything else
 */
export function parseDuration(text: string): number {
  const match = /^([1-9][0-9]{0,6})([smhd])$/.exec(text);
  if (!match) {
    throw new TetherdockError("USAGE", `cannot read the duration "${text}"`, {
      hints: ["write a number and a unit: 90s, 5m, 24h, 30d"],
    });
  }
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/** As {@link parseDuration} reads it, in its largest unit. @param ms whole seconds, more than 0 */
export function formatDuration(ms: number): string {
  const [unit, length] = Object.entries(UNIT_MS).findLast(([, one]) => ms % one === 0) ?? ["s", SECOND_MS];
  return `${ms / length}${unit}`;
}
