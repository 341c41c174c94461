export {
  allReceipts,
  allSubjects,
  answerSubject,
  askSubject,
  hostPermissions,
  hostsSubject,
  inboxOf,
  keySubject,
  lastOf,
  listSubject,
  proposalSubject,
  receiptSubject,
  streamOf,
} from "./names.ts";
export { pack, unpack } from "./packed.ts";
export { MOST_MESSAGE, type ServerTrust, serverConfig, serverPort } from "./server-config.ts";
export { formatNatsSettings, type NatsSettings, readNatsSettings } from "./settings.ts";
