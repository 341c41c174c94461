export { doctor } from "./doctor.ts";
export { examine } from "./examine.ts";
export { fix } from "./fix.ts";
export type { FixEvent, FixPorts, SurveyPort, VisitEvent, VisitPorts } from "./ports.ts";
export type { VisitRequest } from "./request.ts";
