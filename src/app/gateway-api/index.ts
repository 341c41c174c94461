export {
  type ClientsAnswer,
  type GatewayStatus,
  type Receipt,
  readChanged,
  readClients,
  readDone,
  readInvitation,
  readSessions,
  readStatus,
  readVerification,
} from "./answers.ts";
export { callLine, gatewayAccess } from "./call-line.ts";
export type { GatewayPort, GatewayPorts } from "./ports.ts";
export { type ClientCommands, unknownClient } from "./unknown-client.ts";
