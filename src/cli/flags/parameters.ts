/** Parameters that several commands share. */
import { parseLineName } from "../../line/index.ts";
import { lineNames } from "../completion/values.ts";

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

/** A boolean option that is off unless given. */
export function offSwitch(brief: string) {
  return { kind: "boolean", brief, default: false, withNegated: false } as const;
}
