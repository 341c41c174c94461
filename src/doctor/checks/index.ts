/** Every check there is, in the order in which they run and, within one severity, are told. */
import type { Check } from "../check.ts";
import { apiWithoutTls } from "./api-without-tls.ts";
import { insideChecks } from "./inside/index.ts";
import { outsideChecks } from "./outside/index.ts";

/** The registry: a check that is not in it does not run (a test finds it). */
export const CHECKS: readonly Check[] = [apiWithoutTls, ...outsideChecks, ...insideChecks];
