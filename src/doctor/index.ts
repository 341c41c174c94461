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
export { servedCertificate } from "./endpoint-view.ts";
export type { Danger, Message, Topic } from "./explain/entry.ts";
export { EXCERPT_BYTES, Excerpt, type ExcerptText } from "./explain/excerpt.ts";
export { type Explained, type Explanation, explain } from "./explain/explain.ts";
export { families } from "./explain/messages.ts";
export { concludeProof, type Knock, type Knocked, type Proof } from "./explain/proof.ts";
export {
  DEFAULT_PORTS,
  furtherKnocks,
  type NamedHost,
  type PlannedEndpoint,
  type PlannedPort,
  planEndpoints,
  portsFoundInside,
  speaksTls,
  worthTls,
} from "./outside.ts";
export { type Paint, PLAIN } from "./paint.ts";
export { type HumanOptions, renderHuman } from "./render/human.ts";
export { renderJson } from "./render/json.ts";
export type { Report } from "./render/report.ts";
export { renderSarif } from "./render/sarif.ts";
export type { EndpointReport, Inside, KnockKind, Subject, TlsOffer } from "./subject.ts";
