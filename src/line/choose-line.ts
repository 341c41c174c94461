/** Finds the line that a command means, with or without a name from the user. */
import { nearest, TetherdockError } from "../base/index.ts";

/** The inputs of the choice. */
export interface LineChoice {
  /** The name typed, if any. */
  readonly argument: string | undefined;
  /** `$TETHERDOCK_LINE`; empty counts as not set. */
  readonly variable: string | undefined;
  /** The default line that `tetherdock use` set. */
  readonly preferred: string | undefined;
  /** The names of all lines. */
  readonly names: readonly string[];
}

const SET_UP = "tetherdock up user@host";

function unknownLine(name: string, source: string, names: readonly string[]): TetherdockError {
  const close = nearest(name, names);
  return new TetherdockError("LINE_UNKNOWN", `there is no line "${name}"${source}`, {
    why: [
      ...close.map((other) => `did you mean ${other}?`),
      names.length > 0
        ? `the lines on this machine: ${names.join(", ")}`
        : "no line is set up on this machine",
    ],
    hints: [names.length > 0 ? "tetherdock ls" : SET_UP],
  });
}

function named({
  argument,
  variable,
  preferred,
}: LineChoice): { wanted: string; source: string } | undefined {
  if (argument !== undefined) return { wanted: argument, source: "" };
  if (variable) return { wanted: variable, source: " ($TETHERDOCK_LINE)" };
  if (preferred !== undefined) return { wanted: preferred, source: " (the default set by tetherdock use)" };
  return undefined;
}

/**
 * Chooses a line: the argument, else `$TETHERDOCK_LINE`, else the default line, else the only one there is.
 * @returns one of `names`
 * @throws LINE_UNKNOWN, LINE_NONE or LINE_AMBIGUOUS
 */
export function chooseLine(choice: LineChoice): string {
  const { names } = choice;
  const asked = named(choice);
  if (asked) {
    if (names.includes(asked.wanted)) return asked.wanted;
    throw unknownLine(asked.wanted, asked.source, names);
  }
  const [only, ...others] = names;
  if (only === undefined)
    throw new TetherdockError("LINE_NONE", "no line is set up on this machine", {
      hints: [SET_UP, "tetherdock join   # with the token of an invitation"],
    });
  if (others.length > 0) {
    throw new TetherdockError("LINE_AMBIGUOUS", "there are several lines and none was named", {
      why: [`the lines on this machine: ${names.join(", ")}`],
      hints: [`tetherdock use ${only}   # makes it the default`, `export TETHERDOCK_LINE=${only}`],
    });
  }
  return only;
}
