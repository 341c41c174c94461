export {
  type Check,
  type Need,
  type Problem,
  type Result,
  runChecks,
  SEVERITIES,
  type Severity,
  worst,
} from "./check.ts";
export { CHECKS } from "./checks/index.ts";
export { admits, classifyEndpoint, isSameHost, seenBy } from "./endpoint-view.ts";
export { insideScript } from "./inside-script.ts";
export { portsThatStartDocker } from "./listening.ts";
export {
  DEFAULT_PORTS,
  furtherCallers,
  type NamedHost,
  type PlannedEndpoint,
  type PlannedPort,
  planEndpoints,
  portsFoundInside,
  type SurveyItem,
  speaksTls,
  worthTls,
} from "./outside.ts";
export { type Paint, PLAIN } from "./paint.ts";
export { parseInside } from "./parse-inside.ts";
export { type HumanOptions, renderHuman } from "./render/human.ts";
export { renderJson } from "./render/json.ts";
export { type Failure, findingsOf, type Report } from "./render/report.ts";
export { renderSarif } from "./render/sarif.ts";
export type { EndpointReport, Inside, Subject, SubjectLine, TlsOffer, UnreadFleet } from "./subject.ts";
