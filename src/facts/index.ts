export { LIST_PATHS, type ListOnHost, listOnHost } from "./client-list.ts";
export {
  type DaemonFlags,
  isTcp,
  readDaemonFlags,
  tcpPorts,
  usesTls,
  verifiesClients,
} from "./daemon/daemon-flags.ts";
export {
  API_KEYS,
  type DaemonJson,
  type DaemonJsonRead,
  jsonHosts,
  jsonTls,
  readDaemonJson,
} from "./daemon/daemon-json.ts";
export {
  type DaemonSettings,
  nextSettings,
  runningSettings,
  settingsInBothPlaces,
  tlsFiles,
} from "./daemon/daemon-settings.ts";
export { startedAs, unitCommandLine } from "./daemon/unit-command.ts";
export { freeingCommand, type UserFileFact } from "./daemon/user-files.ts";
export {
  isListRefused,
  JOURNAL_PATTERNS,
  listLine,
  NO_RECEIPT,
  RECEIPTS_TAKEN,
  STORE_CONNECTED,
  STORE_LOST,
} from "./fleet/journal.ts";
export type {
  ContainerFact,
  EntryFact,
  FileFact,
  GatewayFact,
  HostFacts,
  ListenerFact,
  LocalSocketFact,
  ServiceFact,
  SocketFact,
  TransactionAbout,
  TransactionFact,
} from "./host-facts.ts";
export { clockSkew, isDiskFull } from "./host-needs.ts";
export type { HostShell, Payload, ScriptResult } from "./host-shell.ts";
export { inetPort, isLoopback, listenHost } from "./listen-address.ts";
export { DAEMONS } from "./listeners/daemons-script.ts";
export { describeListener, listenersOn } from "./listeners/listeners.ts";
export { parseFacts } from "./parse.ts";
export {
  BOOT_UNIT,
  BOOT_UNIT_FILE,
  BOOT_UNIT_LINK,
  CERTIFICATES,
  CLIENT_CA,
  DOCKER_SERVICE,
  DROP_IN_NAME,
  FLEET_KEPT,
  FLEET_LINK,
  FLEET_PATH,
  FLEET_PATH_FILE,
  FLEET_SERVICE,
  FLEET_SERVICE_FILE,
  FLEET_STORE,
  GATEWAY_CLIENTS,
  GATEWAY_CLIENTS_LINK,
  GATEWAY_CONFIG,
  GATEWAY_FOLDER,
  GATEWAY_KEY,
  GATEWAY_LIBRARY,
  GATEWAY_LINKS,
  GATEWAY_LOGS,
  GATEWAY_LOGS_LINK,
  GATEWAY_NAME,
  GATEWAY_PROGRAM,
  GATEWAY_REVOKED,
  GATEWAY_SERVICE,
  GATEWAY_SERVICE_FILE,
  GATEWAY_SOCKET,
  GATEWAY_SOCKET_FILE,
  GATEWAY_STATE,
  GATEWAY_TREES,
  JOURNAL,
  SERVER_CERTIFICATE,
  SERVER_KEY,
  SERVICE_DROP_IN,
  UNDO_UNIT,
  UNIT_DIRECTORY,
} from "./paths.ts";
export type { PathStep, PathSteps } from "./place/path-step.ts";
export { parsePathSteps } from "./place/path-step.ts";
export { WAY } from "./place/place-script.ts";
export { type Walk, walkPath } from "./place/walk-path.ts";
export { isSticky, whoMayChange } from "./place/who-may-change.ts";
export { factsScript } from "./script.ts";
export { sectionScript } from "./section-script.ts";
export { filesIn, findSections, parseShow, type Section, splitSections } from "./sections.ts";
export {
  joinCommand,
  parseEnvironmentFile,
  quoteWord,
  splitEnvironment,
  type Word,
} from "./systemd/command-line.ts";
export { type ExecStart, readExecStart } from "./systemd/exec-start.ts";
export { mergedList, type UnitText } from "./systemd/unit-file.ts";
