import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { type JoinFlags, joinFlags } from "./flags.ts";

export const joinRoute = buildCommand<JoinFlags, [string?], Context>({
  loader: () => import("./command.ts").then(({ join }) => join),
  parameters: {
    flags: joinFlags,
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "token",
          brief: "Token of the invitation; - reads it from stdin (default: ask for it)",
          parse: String,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "Join a line with the token of an invitation",
    fullDescription:
      "Makes a key here, verifies the host by the token, and sets up a line. Needs no ssh. Without an argument it asks for the token, so that no history keeps it.",
  },
});
