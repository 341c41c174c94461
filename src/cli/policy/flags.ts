/** Options of `policy` and its commands. */
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, lineFlag } from "../flags/parameters.ts";

export const checkFlags = { json: jsonFlag } as const;
export const lineFlags = { line: lineFlag } as const;
export const listFlags = { line: lineFlag, json: jsonFlag } as const;

export type CheckFlags = FlagsOf<typeof checkFlags>;
export type LineFlags = FlagsOf<typeof lineFlags>;
export type ListFlags = FlagsOf<typeof listFlags>;
