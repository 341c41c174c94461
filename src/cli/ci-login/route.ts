import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { type CiLoginFlags, ciLoginFlags } from "./flags.ts";

export const ciLoginRoute = buildCommand<CiLoginFlags, [string], Context>({
  loader: () => import("./command.ts").then(({ ciLogin }) => ciLogin),
  parameters: {
    flags: ciLoginFlags,
    positional: {
      kind: "tuple",
      parameters: [
        { placeholder: "address", brief: "Where the gateway listens: NAME[:PORT]", parse: String },
      ],
    },
  },
  docs: {
    brief: "Set up a line in a CI job, with the job's OIDC token",
    fullDescription:
      "Makes a key here, verifies the host by its pin, and exchanges the job's OIDC token for a certificate of minutes. Nothing is stored in the CI service. The token is read from a file, stdin, or the variable TETHERDOCK_ID_TOKEN, or asked of GitHub Actions or Forgejo Actions. It is never printed.",
  },
});
