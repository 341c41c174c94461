/** Options of `join`. */
import { parseLineName } from "../../line/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";

export const joinFlags = {
  name: {
    kind: "parsed",
    parse: parseLineName,
    optional: true,
    brief: "Name of the new line (default: its name where the invitation was made)",
    placeholder: "name",
  },
  certificate: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "For a native line: the certificate that the operator has sent; - reads stdin",
    placeholder: "file",
  },
  noWait: offSwitch("Do not wait if an admin has to approve the request: end with an error (JOIN_WAITING)"),
  json: jsonFlag,
} as const;

export type JoinFlags = FlagsOf<typeof joinFlags>;
