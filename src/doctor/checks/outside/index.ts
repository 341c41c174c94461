/** The checks that rest on the look from outside. */
import type { Check } from "../../check.ts";

/** In the order in which they are told, within one severity. */
export const outsideChecks: readonly Check[] = [];
