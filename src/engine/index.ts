export { COMMON_SUITES, WEAK_SUITES } from "./cipher-suites.ts";
export { encodeClientHello, type HelloWish, TLS_VERSIONS, type TlsVersion } from "./client-hello.ts";
export { describeObservation, isDockerAnswer, wantsTls } from "./describe.ts";
export { dockerHost, type Endpoint, formatEndpoint, makeEndpoint, parseEndpoint } from "./endpoint.ts";
export { type EngineVersion, parseEngineVersion } from "./engine-version.ts";
export { judge, judgeAll, type ProofState, type Verdict } from "./judge.ts";
export type {
  DistrustReason,
  HttpAnswer,
  Observation,
  TlsFacts,
  UnreachableCause,
} from "./observation.ts";
export { findOperation } from "./operations/find-operation.ts";
export type { Operation, OperationCall } from "./operations/operation.ts";
export { operations } from "./operations/table.ts";
export { type PeerProtocol, printable, quoteBytes, recogniseProtocol } from "./peer-protocol.ts";
export type { ClientIdentity, Credential, ProbeRequest, Prober } from "./prober.ts";
export { type CaseKind, type ProofCase, type ProofPlan, planProof, type Target } from "./proof.ts";
export { type ProveOptions, prove } from "./prove.ts";
export { readServerFlight, type ServerFlight } from "./server-flight.ts";
export { type ProofSummary, summarise } from "./summarise.ts";
export { type AlertMeaning, alertMeaning, describeAlert } from "./tls-alert.ts";
