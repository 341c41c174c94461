/** `doctor`: inspects engines from inside and outside, and runs every check on what was seen. Changes nothing. */
import { CHECKS, type Report, runChecks } from "../../doctor/index.ts";
import { examine } from "./examine.ts";
import type { VisitPorts } from "./ports.ts";
import type { VisitRequest } from "./request.ts";

/** @returns one report a target, in their order @throws what {@link examine} throws */
export async function doctor(ports: VisitPorts, request: VisitRequest): Promise<Report[]> {
  const subjects = await examine(ports, request);
  return subjects.map((subject) => ({ subject, results: runChecks(CHECKS, subject) }));
}
