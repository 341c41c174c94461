/** Parameters that several commands share. */
import type { TypedEnd } from "../../app/clients/index.ts";
import { type Clock, DAY_MS, parseDuration, shellJoin, TetherdockError } from "../../base/index.ts";
import { parseLineName } from "../../line/index.ts";
import { lineNames, roleNames } from "../completion/values.ts";
import { parseInstant, parseSince } from "./parse-since.ts";

const line = {
  placeholder: "line",
  brief: "The line (default: $TETHERDOCK_LINE, the default line, or the only line)",
  parse: parseLineName,
  proposeCompletions: lineNames,
  optional: true,
} as const;

/** An optional LINE argument. */
export const optionalLine = { kind: "tuple", parameters: [line] } as const;

/** `--line`, for commands whose argument is something else. */
export const lineFlag = { kind: "parsed", ...line } as const;

/** `--json`: the result as JSON on stdout; a failure too, as {error}. */
export const jsonFlag = {
  kind: "boolean",
  brief: "Print JSON",
  default: false,
  withNegated: false,
} as const;

/** A role of a client; with a brief, and a default or `optional`. */
export const roleFlag = {
  kind: "parsed",
  parse: String,
  proposeCompletions: roleNames,
  placeholder: "role",
} as const;

/** The role that a command gives a client, as an argument. */
export const newRole = {
  placeholder: "role",
  brief: "The new role",
  parse: String,
  proposeCompletions: roleNames,
} as const;

/** `--expires` of a client. */
export const expiresFlag = {
  kind: "parsed",
  parse: parseDuration,
  optional: true,
  brief: "End access after this time, such as 30d",
  placeholder: "time",
} as const;

/** How far from now the date is that a hint gives as an example. */
const EXAMPLE_MS = 30 * DAY_MS;

/**
 * @param atOnce the command that ends it at once
 * @throws USAGE
 */
export type NewEnd = (clock: Clock, atOnce: readonly string[]) => TypedEnd;

export function parseEnd(text: string): NewEnd {
  if (text === "never") return () => ({ text, at: null });
  if (/^\d+[smhd]$/.test(text)) {
    const ms = parseDuration(text);
    return (clock) => ({ text, at: clock() + ms });
  }
  const at = text === "now" ? 0 : parseInstant(text);
  return (clock, atOnce) => {
    if (at === undefined) {
      const [day = ""] = new Date(clock() + EXAMPLE_MS).toISOString().split("T");
      throw new TetherdockError("USAGE", `cannot read the time "${text}"`, {
        hints: [
          `write how long from now, or when: 90m, 24h, 30d, ${day}, ${day}T08:00 (this machine's time), ${day}T08:00Z (UTC); or never`,
        ],
      });
    }
    if (at > clock()) return { text, at };
    throw new TetherdockError("USAGE", "access cannot end in the past", {
      hints: [`${shellJoin(atOnce)}   # ends it at once`],
    });
  };
}

/** When access of a client ends, as an argument. */
export const newEnd = {
  placeholder: "time",
  brief:
    "From now on, such as 30d, or a date, YYYY-MM-DD or YYYY-MM-DDTHH:MM, in this machine's time unless Z (UTC) follows; never: with its certificate",
  parse: parseEnd,
} as const;

/** `--since` and `--until`; with a brief. */
export const timeFlag = { kind: "parsed", parse: parseSince, optional: true, placeholder: "time" } as const;

/** A boolean option that is off unless given. */
export function offSwitch(brief: string) {
  return { kind: "boolean", brief, default: false, withNegated: false } as const;
}
