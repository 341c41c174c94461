/** Parameters that several commands share. */
import { parseLineName } from "../../line/index.ts";
import { lineNames } from "../completion/values.ts";

/** An optional LINE argument; not given, $TETHERDOCK_LINE, the default line or the only line is meant. */
export const optionalLine = {
  kind: "tuple",
  parameters: [
    {
      placeholder: "line",
      brief: "The line (default: $TETHERDOCK_LINE, the default line, or the only line)",
      parse: parseLineName,
      proposeCompletions: lineNames,
      optional: true,
    },
  ],
} as const;

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
