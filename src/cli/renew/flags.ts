/** Options of `renew`. */
import { parseDuration } from "../../base/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";

export const renewFlags = {
  all: offSwitch("Renew the certificates of all lines"),
  force: offSwitch("Renew also when more than a third of the certificate's life is left"),
  install: offSwitch("Have systemd, launchd or cron run renew --all every six hours"),
  uninstall: offSwitch("Remove what --install wrote"),
  certificate: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief:
      "For a native line that got a new CA, or a client of a fleet: the file that the operator has sent; - reads stdin",
    placeholder: "file",
  },
  life: {
    kind: "parsed",
    parse: parseDuration,
    optional: true,
    brief: "With --install: how long a gateway's certificates are valid from now on (default: 7d)",
    placeholder: "time",
  },
  json: jsonFlag,
} as const;

export type RenewFlags = FlagsOf<typeof renewFlags>;
