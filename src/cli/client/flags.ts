/** Options of `client` and its commands. */
import { parseDuration } from "../../base/index.ts";
import { parseLineName } from "../../line/index.ts";
import { DEFAULT_ROLE, ROLE_NAMES } from "../../policy/index.ts";
import { lineNames } from "../completion/values.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag } from "../flags/parameters.ts";

const line = {
  kind: "parsed",
  parse: parseLineName,
  proposeCompletions: lineNames,
  optional: true,
  brief: "The line (default: $TETHERDOCK_LINE, the default line, or the only line)",
  placeholder: "line",
} as const;

/** Of those that are about one client. */
export const clientFlags = { line } as const;

export const listFlags = { line, json: jsonFlag } as const;

export const addFlags = {
  line,
  publicKey: {
    kind: "parsed",
    parse: String,
    brief: "The client's public key, PEM; never a private key",
    placeholder: "file",
  },
  role: { kind: "enum", values: ROLE_NAMES, default: DEFAULT_ROLE, brief: "Role of the client" },
  expires: {
    kind: "parsed",
    parse: parseDuration,
    optional: true,
    brief: "End access after this time, such as 30d",
    placeholder: "time",
  },
  out: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "Folder for ca.pem and cert.pem (default: print the certificate)",
    placeholder: "folder",
  },
} as const;

export type ClientFlags = FlagsOf<typeof clientFlags>;
export type ListFlags = FlagsOf<typeof listFlags>;
export type AddFlags = FlagsOf<typeof addFlags>;
