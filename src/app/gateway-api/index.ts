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
} from "./answers.ts";
export { askClients, askRecords, askRenewal, askSessions } from "./ask.ts";
export { callLine, gatewayAccess } from "./call-line.ts";
export { connectionsOpen } from "./connections-open.ts";
export type { GatewayPort, GatewayPorts } from "./ports.ts";
export { type ClientCommands, unknownClient } from "./unknown-client.ts";
