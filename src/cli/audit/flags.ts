/** Options of `audit` and its commands. */
import { TetherdockError } from "../../base/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, lineFlag, offSwitch, timeFlag } from "../flags/parameters.ts";

const directory = {
  kind: "parsed",
  parse: String,
  optional: true,
  brief: "Read the log in this folder on this machine; needs no line",
  placeholder: "folder",
} as const;

/** The argument's other form, as in every command whose argument is something else. */
const line = { ...lineFlag, brief: "The line, instead of the argument" } as const;

/** @param argument the line as an argument @throws USAGE when both are given and differ */
export function lineOf(flag: string | undefined, argument: string | undefined): string | undefined {
  if (flag === undefined || argument === undefined || flag === argument) return argument ?? flag;
  throw new TetherdockError("USAGE", "two lines are given", {
    why: [`${argument}, and ${flag} by --line`],
    hints: ["give one of them"],
  });
}

function parseSeal(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new TetherdockError("USAGE", `"${text}" is not a seal`, {
    hints: ["give the 64 hex digits that an earlier verify printed"],
  });
}

export const showFlags = {
  follow: offSwitch("Only new records, as they come, until Ctrl-C; with --since, first those since then"),
  client: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "Show only records of this client",
    placeholder: "name",
  },
  since: {
    ...timeFlag,
    brief: "Show only records since: 90s, 5m, 24h, 7d ago, or 2026-01-31T08:00Z",
  },
  directory,
  line,
  json: offSwitch("Print the raw records, one JSON object per line"),
} as const;

export const verifyFlags = {
  directory,
  line,
  expectSeal: {
    kind: "parsed",
    parse: parseSeal,
    optional: true,
    brief: "A seal that the log must contain, as printed by an earlier verify",
    placeholder: "seal",
  },
  json: jsonFlag,
} as const;

export const fetchFlags = {
  directory: {
    kind: "parsed",
    parse: String,
    brief: "Folder for the copy; the next fetch adds to it",
    placeholder: "folder",
  },
  line,
  json: jsonFlag,
} as const;

export type FetchFlags = FlagsOf<typeof fetchFlags>;
export type ShowFlags = FlagsOf<typeof showFlags>;
export type VerifyFlags = FlagsOf<typeof verifyFlags>;
