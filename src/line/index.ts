export { readValidity, type Validity, WARNING_MS, warningWindow } from "./certificate-validity.ts";
export { chooseLine, type LineChoice } from "./choose-line.ts";
export { AGENT_FOLDER, agentSocket, socketEnvironment, socketHost } from "./docker/agent-socket.ts";
export { contextDirectory } from "./docker/context-directory.ts";
export { parseContextName } from "./docker/context-name.ts";
export { readCurrentContext, withCurrentContext } from "./docker/docker-config.ts";
export {
  type ContextContent,
  type ContextMeta,
  formatContextMeta,
  isStaleContext,
  lineHost,
  parseContextMeta,
  TLS_FILES,
  type TlsFiles,
  usesAgent,
} from "./docker/docker-context.ts";
export {
  DOCKER_VARIABLES,
  dockerEnvironment,
  lineEndpoint,
  othersThan,
  PYTHON_CA_VARIABLES,
  RIVAL_VARIABLES,
} from "./docker/docker-environment.ts";
export {
  evalCommand,
  formatForShell,
  guessShell,
  SHELLS,
  type Shell,
  selectNothing,
} from "./docker/shell-syntax.ts";
export { isEncryptedKey } from "./encrypted-key.ts";
export { dockerHome, type Environment, tetherdockHome } from "./homes.ts";
export { joinedLine, notSetUpHere } from "./joined-line.ts";
export { formatLine, isEarlierLine, type Line, type LineMode, parseLine, wayTo } from "./line.ts";
export { isSamePlace, type LineHost, type SshPlace, UNRECORDED_HOST } from "./line-host.ts";
export { isLineName, parseLineName } from "./line-name.ts";
export { requireNotNewer } from "./newer-state.ts";
export {
  type ContextStore,
  LINE_FILES,
  type LineFile,
  type LineFiles,
  type LineStore,
  type StoredContext,
} from "./ports.ts";
export { assertOurs, assertReplaceable } from "./replaceable.ts";
