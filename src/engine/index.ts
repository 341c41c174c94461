export { advisoriesOf, fixedIn, unsafeOn } from "./advisories/affected.ts";
export { compareReleases, parseRelease, type Release } from "./advisories/release.ts";
export { ADVISORIES, type Advisory, LOOKED_UP_ON } from "./advisories/table.ts";
export {
  describeObservation,
  gatewayReason,
  gatewayRefusal,
  isDockerAnswer,
  isGatewayAnswer,
  wantsTls,
} from "./describe.ts";
export { PLAIN_PORT, TLS_PORT } from "./docker-ports.ts";
export {
  dockerHost,
  type Endpoint,
  formatEndpoint,
  isAddress,
  makeEndpoint,
  parseAddress,
  parseEndpoint,
} from "./endpoint.ts";
export { type EngineVersion, type EngineVersionResult, parseEngineVersion } from "./engine-version.ts";
export { findOperation } from "./operations/find-operation.ts";
export { isLog } from "./operations/is-log.ts";
export type { Operation, OperationCall } from "./operations/operation.ts";
export { isFlagSet, isTrue } from "./operations/query-flag.ts";
export type { Recording, SentRequest } from "./operations/sent-request.ts";
export { operations } from "./operations/table.ts";
export {
  CALLERS,
  type Caller,
  type CallerCredentials,
  describeCaller,
  type Probe,
  WRONG_CALLERS,
  withNobody,
} from "./probe/caller.ts";
export { judge, judgeAll, type ProofState, type Verdict } from "./probe/judge.ts";
export type {
  DistrustReason,
  HttpAnswer,
  Observation,
  TlsFacts,
  UnreachableCause,
} from "./probe/observation.ts";
export { admitsOverTls, type Outcome, outcomeOf } from "./probe/outcome.ts";
export type { ClientIdentity, Credential, ProbeRequest, Prober } from "./probe/prober.ts";
export { type CaseKind, type ProofCase, type ProofPlan, planProof, type Target } from "./probe/proof.ts";
export { type ProveOptions, prove } from "./probe/prove.ts";
export { type ProofSummary, summarise } from "./probe/summarise.ts";
export { COMMON_SUITES, WEAK_SUITES } from "./tls/cipher-suites.ts";
export { encodeClientHello, type HelloOptions, TLS_VERSIONS, type TlsVersion } from "./tls/client-hello.ts";
export { type PeerProtocol, printable, quoteBytes, recogniseProtocol } from "./tls/peer-protocol.ts";
export { readServerFlight, type ServerFlight } from "./tls/server-flight.ts";
export { type AlertMeaning, alertMeaning, describeAlert } from "./tls/tls-alert.ts";
