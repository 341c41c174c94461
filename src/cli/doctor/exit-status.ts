/** `doctor`'s exit status: beyond those of errors (1 to 5), so that a script can tell a finding from a failure. */
import type { Severity } from "../../doctor/index.ts";

const STATUS: Readonly<Record<Severity, number>> = { info: 0, low: 10, medium: 11, high: 12, critical: 13 };

/** @param severity the worst of all findings; null: none */
export function exitStatusOf(severity: Severity | null): number {
  return severity === null ? 0 : STATUS[severity];
}
