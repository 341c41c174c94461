export { createAdminApi } from "./admin/admin-api.ts";
export type { GatewayAccess, GatewayCall } from "./admin/admin-client.ts";
export type { AdminParts } from "./admin/admin-parts.ts";
export { OwnRoles, parseOwnRoles } from "./admin/own-roles.ts";
export { ADMIN_PREFIX } from "./admin-port.ts";
export { type AddressGroup, addressGroup } from "./admission/address-group.ts";
export { HandshakeQueue } from "./admission/handshake-queue.ts";
export { KnownAddresses } from "./admission/known-addresses.ts";
export { DEFAULT_LIMITS, type Limits } from "./admission/limits.ts";
export { Rate } from "./admission/rate.ts";
export { WaitingRoom } from "./admission/waiting-room.ts";
export type { Peer } from "./clients/peer.ts";
export type { AuditSettings, GatewayConfig, Listen, MetricsListen, TlsFiles } from "./config/config.ts";
export { parseGatewayConfig } from "./config/parse-config.ts";
export { ANSWER_BYTES, type Issued, type IssuedOrRefused, type Refused } from "./exchange/answer.ts";
export type { AnswerParts } from "./fleet/answer-questions.ts";
export { FleetInForce } from "./fleet/fleet-in-force.ts";
export { StoreLink } from "./fleet/store-link.ts";
export { Gateway, type GatewayParts } from "./gateway.ts";
export { IssuerKeys } from "./jobs/issuer-keys.ts";
export { JobConnections } from "./jobs/job-connections.ts";
export { JobExchange } from "./jobs/job-exchange.ts";
export {
  issuerOf,
  JOB_LINE_BYTES,
  JOB_PROTOCOL,
  MOST_ISSUER_CONNECTIONS,
  PIECE_BYTES,
  readFromGateway,
  type ToIssuer,
} from "./jobs/job-protocol.ts";
export { Enrolment, type OpenInvitation } from "./joining/enrolment.ts";
export {
  JOIN_PROTOCOL,
  type JoinAnswer,
  type JoinCredential,
  type JoinRequest,
  readGreeting,
  readJoinAnswer,
  type Waiting,
} from "./joining/join-protocol.ts";
export { createJoiners, type Joiners, type JoinPeer } from "./joining/joiners.ts";
export type {
  AuditBytes,
  AuditReader,
  ConnectUpstream,
  FetchDocument,
  FleetStore,
  Issuer,
  LinkPort,
  ReadInto,
  RoleStore,
  ServerCertificate,
} from "./ports.ts";
export type { CutReceipt } from "./record/cuts.ts";
export type { Session } from "./record/session.ts";
export {
  RENEW_PROTOCOL,
  type RenewAnswer,
  type RenewCredential,
  readRenewAnswer,
  type SentRenewRequest,
} from "./renewing/renew-protocol.ts";
export { Renewals } from "./renewing/renewals.ts";
export { createRenewers, type Renewers, type RenewPeer } from "./renewing/renewers.ts";
