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
export { isSameHost } from "./endpoint-view.ts";
export type { Danger, Message, Topic } from "./explain/entry.ts";
export { EXCERPT_BYTES, Excerpt, type ExcerptText } from "./explain/excerpt.ts";
export { type Explained, type Explanation, explain } from "./explain/explain.ts";
export { families } from "./explain/messages.ts";
export { concludeProof, type Knock, type Knocked, type Proof } from "./explain/proof.ts";
export { insideScript } from "./inside-script.ts";
export { portsThatStartDocker } from "./listening.ts";
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
export { parseInside } from "./parse-inside.ts";
export { type HumanOptions, renderHuman } from "./render/human.ts";
export { renderJson } from "./render/json.ts";
export type { Report } from "./render/report.ts";
export { renderSarif } from "./render/sarif.ts";
export type { EndpointReport, Inside, KnockKind, Subject, TlsOffer } from "./subject.ts";
export { type DrawOptions, drawTopology } from "./topology/draw.ts";
export { drawMatrix } from "./topology/draw-matrix.ts";
export { ASCII, type Glyphs, UNICODE } from "./topology/glyphs.ts";
export { topologyOf } from "./topology/graph.ts";
export { topologyJson } from "./topology/json.ts";
export { type MatrixCell, type MatrixRow, matrixOf } from "./topology/matrix.ts";
export { topologyMermaid } from "./topology/mermaid.ts";
export { topologySvg } from "./topology/svg.ts";
export type { Access, Entrance, Topology, Way } from "./topology/topology.ts";
