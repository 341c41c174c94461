/** Options of `ci-login`. */
import { parseLineName } from "../../line/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag } from "../flags/parameters.ts";
import { parsePin } from "./parse-pin.ts";

export const ciLoginFlags = {
  client: {
    kind: "parsed",
    parse: String,
    brief: "Client of the gateway that is for this job",
    placeholder: "client",
  },
  pin: {
    kind: "parsed",
    parse: parsePin,
    variadic: true,
    brief:
      "The line's CA, as client add --oidc prints it: sha256:HEX; while it is replaced, the next one's too",
    placeholder: "pin",
  },
  audience: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "Audience of the token to ask GitHub or Forgejo for (default: tetherdock:ADDRESS:PORT)",
    placeholder: "text",
  },
  tokenFile: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "File with the token; - reads stdin (default: $TETHERDOCK_ID_TOKEN, or asks GitHub or Forgejo)",
    placeholder: "file",
  },
  name: {
    kind: "parsed",
    parse: parseLineName,
    default: "ci",
    brief: "Name of the new line",
    placeholder: "name",
  },
  json: jsonFlag,
} as const;

export type CiLoginFlags = FlagsOf<typeof ciLoginFlags>;
