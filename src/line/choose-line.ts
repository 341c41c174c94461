/** Which line a command means when the user did not, or did, say. */
import { TetherdockError } from "../base/index.ts";
import { nearest } from "./nearest.ts";

/** What the choice is made from. */
export interface LineChoice {
  /** The name typed, if any. */
  readonly argument: string | undefined;
  /** `$TETHERDOCK_LINE`; empty counts as not set. */
  readonly variable: string | undefined;
  /** Every line there is. */
  readonly names: readonly string[];
}

const SET_UP = "tetherdock up user@host";

function unknownLine(name: string, source: string, names: readonly string[]): TetherdockError {
  const close = nearest(name, names);
  return new TetherdockError("LINE_UNKNOWN", `there is no line "${name}"${source}`, {
    why: names.length > 0 ? [`the lines here: ${names.join(", ")}`] : ["no line has been set up here"],
    hints:
      close.length > 0 ? close.map((other) => `use ${other}`) : [names.length > 0 ? "tetherdock ls" : SET_UP],
  });
}

/**
 * Chooses a line: the argument, else `$TETHERDOCK_LINE`, else the only one there is.
 * @returns a name out of `names`
 * @throws LINE_UNKNOWN, LINE_NONE or LINE_AMBIGUOUS
 */
export function chooseLine({ argument, variable, names }: LineChoice): string {
  const wanted = argument ?? (variable || undefined);
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw unknownLine(wanted, argument === undefined ? " ($TETHERDOCK_LINE)" : "", names);
  }
  const [only, ...others] = names;
  if (only === undefined)
    throw new TetherdockError("LINE_NONE", "no line has been set up here", { hints: [SET_UP] });
  if (others.length > 0) {
    throw new TetherdockError("LINE_AMBIGUOUS", "there are several lines and none was named", {
      why: [`the lines here: ${names.join(", ")}`],
      hints: [`name one of them, or export TETHERDOCK_LINE=${only}`],
    });
  }
  return only;
}
