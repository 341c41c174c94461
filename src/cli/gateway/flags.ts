/** Options of `gateway` and its commands. */
import { sessionIds } from "../completion/values.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag } from "../flags/parameters.ts";

const config = {
  kind: "parsed",
  parse: String,
  default: "/etc/tetherdock/gateway.json",
  brief: "The gateway's configuration file",
  placeholder: "file",
} as const;

export const runFlags = { config } as const;

export const checkFlags = { config, json: jsonFlag } as const;

export const statusFlags = { json: jsonFlag } as const;

export const sessionsFlags = {
  json: jsonFlag,
  cut: {
    kind: "parsed",
    parse: String,
    proposeCompletions: sessionIds,
    optional: true,
    brief: "Close this session, including streams",
    placeholder: "session",
  },
} as const;

export type RunFlags = FlagsOf<typeof runFlags>;
export type CheckFlags = FlagsOf<typeof checkFlags>;
export type StatusFlags = FlagsOf<typeof statusFlags>;
export type SessionsFlags = FlagsOf<typeof sessionsFlags>;
