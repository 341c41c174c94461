export { doctor } from "./doctor.ts";
export { doctorMany } from "./doctor-many.ts";
export { examine } from "./examine.ts";
export { fix } from "./fix.ts";
export type { FixEvent, FixPorts, ManyPorts, SurveyPort, VisitEvent, Visited, VisitPorts } from "./ports.ts";
export type { ManyRequest, VisitRequest } from "./request.ts";
