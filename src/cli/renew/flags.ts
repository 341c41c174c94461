/** Options of `renew`. */
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";

export const renewFlags = {
  all: offSwitch("Renew the certificates of all lines"),
  force: offSwitch("Renew also when more than a third of the certificate's life is left"),
  json: jsonFlag,
} as const;

export type RenewFlags = FlagsOf<typeof renewFlags>;
