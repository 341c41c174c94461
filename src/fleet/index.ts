export {
  addClient,
  type ListChange,
  putHosts,
  putRoles,
  removeClient,
  removeHost,
  removeRole,
  revokeClient,
  setExpires,
  setRole,
} from "./change-list.ts";
export { type FleetDocuments, forHosts, readDocuments } from "./documents.ts";
export {
  type FleetHost,
  type FleetList,
  MOST_CLIENTS,
  MOST_HOSTS,
  MOST_REVOKED,
  readFleetName,
} from "./fleet-list.ts";
export { type FleetLink, formatLink, parseLink } from "./hand-over/link.ts";
export {
  formatAnswer,
  formatHandOver,
  type HandOver,
  type HandOverAnswer,
  HEARTBEAT_MS,
  MOST_HAND_OVER,
  readHandOver,
  readHandOverAnswer,
} from "./hand-over/messages.ts";
export { formatKeptFleet, type KeptFleet, parseKeptFleet, problemsOfKept } from "./kept-fleet.ts";
export { type Members, membersOf, revokedAfter, shutsOut } from "./members.ts";
export {
  allReceipts,
  allSubjects,
  formatNatsSettings,
  hostPermissions,
  hostsSubject,
  inboxOf,
  keySubject,
  lastOf,
  listSubject,
  MOST_MESSAGE,
  type NatsSettings,
  pack,
  readNatsSettings,
  receiptSubject,
  type ServerTrust,
  serverConfig,
  serverPort,
  streamOf,
  unpack,
} from "./nats/index.ts";
export {
  calledOperator,
  isOperator,
  MOST_OPERATORS,
  makeOperatorKey,
  type Operator,
  operatorIdOf,
  operatorOf,
  operatorsOf,
  readOperatorKey,
  readRoot,
  signersOf,
} from "./operators.ts";
export type { FleetFolders, OperatedFleet } from "./ports.ts";
export { type FleetRole, MOST_FLEET_ROLES, MOST_ROLE_BYTES } from "./roles.ts";
export { type FleetShare, formatShare, readShare, readStoredAuthority, storeFields } from "./share.ts";
export { type Signed, type Signing, signDocuments } from "./sign-documents.ts";
export {
  type Doubt,
  formatPublication,
  formatReceipt,
  type HostAccess,
  type HostReceipt,
  type HostStore,
  judgeReceipt,
  kindOfStore,
  listDigest,
  MOST_CREDENTIALS,
  MOST_PUBLICATION,
  MOST_REASON,
  MOST_RECEIPT,
  Newest,
  type OperatedStore,
  type OperatorStore,
  readHostName,
  readPublication,
  readReceipt,
  readReceiptKey,
  readSettings,
  readStoreAddress,
  receiptKeyOf,
  StateTeller,
  type StoreAddress,
  type StoredReceipt,
  type StoreKind,
  type StoreState,
  signStatement,
  storeFailure,
  waitMs,
} from "./store/index.ts";
export {
  type FleetView,
  type Verified,
  type VerifiedSignatures,
  verifyDocuments,
  verifySignatures,
} from "./verify-documents.ts";
