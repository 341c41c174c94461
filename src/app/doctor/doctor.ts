/** `doctor`: inspects engines from inside and outside, and runs every check on what was seen. Changes nothing. */
import { TetherdockError } from "../../base/index.ts";
import { CHECKS, type Report, runChecks } from "../../doctor/index.ts";
import { examine } from "./examine.ts";
import type { VisitPorts } from "./ports.ts";
import type { VisitRequest } from "./request.ts";

/** @throws the error; of several lines, none of which was named, with the way to inspect all */
export function orAll(error: unknown): never {
  if (!(error instanceof TetherdockError) || error.code !== "LINE_AMBIGUOUS") throw error;
  const { why, hints } = error;
  throw new TetherdockError("LINE_AMBIGUOUS", error.message, {
    why,
    hints: ["tetherdock doctor --all-lines   # inspects the hosts of all", ...hints],
    cause: error,
  });
}

/** @returns one report a target, in their order @throws what {@link examine} throws */
export async function doctor(ports: VisitPorts, request: VisitRequest): Promise<Report[]> {
  const subjects = await examine(ports, request).catch(orAll);
  return subjects.map((subject) => ({ subject, results: runChecks(CHECKS, subject) }));
}
