export { askSecret, type Passage, passagesFromHosts, passagesToHosts } from "./accounts.ts";
export { askedAt } from "./credentials.ts";
export {
  type EndedUser,
  endHost,
  endOthers,
  type HostUser,
  type HostUsers,
  latestOf,
  MOST_ENDED,
  mergeUsers,
  NO_USERS,
  requireRoom,
  UNKNOWN_USERS,
  USER_KEY,
} from "./host-users.ts";
export {
  allKeys,
  allQuestions,
  allReceipts,
  answerSubject,
  askSubject,
  hostOfKey,
  hostPermissions,
  hostsSubject,
  inboxOf,
  keySubject,
  lastOf,
  listSubject,
  operatorSubjects,
  proposalSubject,
  receiptSubject,
  receiptsStreamOf,
  streamOf,
  streamWith,
} from "./names.ts";
export { pack, unpack } from "./packed.ts";
export { MOST_MESSAGE, type ServerTrust, serverConfig, serverPort } from "./server-config.ts";
export { formatNatsSettings, type NatsSettings, readNatsSettings, withUsersBefore } from "./settings.ts";
