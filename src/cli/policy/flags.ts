/** Options of `policy` and its commands. */

import { clientNames } from "../completion/values.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, lineFlag, roleFlag, timeFlag } from "../flags/parameters.ts";

export const checkFlags = { json: jsonFlag } as const;
export const lineFlags = { line: lineFlag } as const;
export const listFlags = { line: lineFlag, json: jsonFlag } as const;

export const explainFlags = {
  line: lineFlag,
  json: jsonFlag,
  role: {
    ...roleFlag,
    optional: true,
    brief: "A role file, a built-in role, or a role of the line's gateway",
  },
  client: {
    kind: "parsed",
    parse: String,
    optional: true,
    proposeCompletions: clientNames,
    brief: "The role that this client of the line's gateway has",
    placeholder: "name",
  },
} as const;

const sinceFlag = {
  ...timeFlag,
  brief: "Records since: 90s, 24h, 7d ago (default), or 2026-01-31T08:00Z",
} as const;

export const diffFlags = {
  line: lineFlag,
  recorded: {
    kind: "parsed",
    parse: String,
    optional: true,
    proposeCompletions: clientNames,
    brief: "Also say what the second role would have refused of what this client did",
    placeholder: "client",
  },
  since: sinceFlag,
  json: jsonFlag,
} as const;

export type DiffFlags = FlagsOf<typeof diffFlags>;

const outFlag = {
  kind: "parsed",
  parse: String,
  optional: true,
  brief: "Write a new file (default: print it)",
  placeholder: "file",
} as const;

const nameFlag = { kind: "parsed", parse: String, optional: true, placeholder: "name" } as const;

/** The kinds are written out here: the completion loads this at every Tab. */
export const importFlags = {
  from: {
    kind: "enum",
    values: ["docker-socket-proxy", "socket-proxy", "sockguard"],
    optional: true,
    brief: "Which proxy it is for (default: the file says it)",
  },
  name: { ...nameFlag, brief: "Name of the role, with a hyphen (default: after the proxy)" },
  out: outFlag,
  json: jsonFlag,
} as const;

export const observeFlags = {
  line: lineFlag,
  since: sinceFlag,
  until: { ...timeFlag, brief: "Records until this time (default: now)" },
  name: { ...nameFlag, brief: "Name of the role, with a hyphen (default: after the client)" },
  out: outFlag,
  json: jsonFlag,
} as const;

export type ObserveFlags = FlagsOf<typeof observeFlags>;
export type ImportFlags = FlagsOf<typeof importFlags>;
export type CheckFlags = FlagsOf<typeof checkFlags>;
export type LineFlags = FlagsOf<typeof lineFlags>;
export type ListFlags = FlagsOf<typeof listFlags>;
export type ExplainFlags = FlagsOf<typeof explainFlags>;
