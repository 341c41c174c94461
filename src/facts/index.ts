export type {
  ContainerFact,
  EntryFact,
  FileFact,
  HostFacts,
  ServiceFact,
  SocketFact,
  TransactionAbout,
  TransactionFact,
} from "./host-facts.ts";
export type { HostShell, ScriptResult } from "./host-shell.ts";
export { parseFacts } from "./parse.ts";
export {
  BOOT_UNIT,
  BOOT_UNIT_FILE,
  BOOT_UNIT_LINK,
  CLIENT_CA,
  DOCKER_SERVICE,
  DROP_IN_NAME,
  JOURNAL,
  SERVER_CERTIFICATE,
  SERVER_KEY,
  SERVICE_DROP_IN,
  UNDO_UNIT,
  UNIT_DIRECTORY,
} from "./paths.ts";
export { factsScript } from "./script.ts";
export { parseShow, type Section, splitSections } from "./sections.ts";
export {
  joinCommand,
  parseEnvironmentFile,
  splitCommand,
  splitEnvironment,
  type Word,
} from "./systemd/command-line.ts";
export {
  type DaemonFlags,
  isTcp,
  readDaemonFlags,
  tcpPort,
  verifiesClients,
} from "./systemd/daemon-flags.ts";
export { mergedList, type UnitText } from "./systemd/unit-file.ts";
