/** Options of `status`. */
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag } from "../flags/parameters.ts";

export const statusFlags = { json: jsonFlag } as const;

export type StatusFlags = FlagsOf<typeof statusFlags>;
