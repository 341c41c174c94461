export {
  type ClientRenewal,
  type ClientsAnswer,
  type GatewayStatus,
  type JobClient,
  type LogFile,
  type MadeInvitation,
  type Receipt,
  readChanged,
  readDone,
  readInvitation,
  readLogBytes,
  readLogFiles,
  readRequest,
  readStatus,
  readVerification,
  type SelfAnswer,
} from "./answers.ts";
export { askClients, askRecords, askRenewal, askSelf, askSessions } from "./ask.ts";
export { callLine, gatewayAccess } from "./call-line.ts";
export { connectionsOpen } from "./connections-open.ts";
export type { GatewayPort, GatewayPorts } from "./ports.ts";
export { type ClientCommands, unknownClient } from "./unknown-client.ts";
