export {
  type AgentUnitPorts,
  installAgent,
  isActivated,
  isAsleep,
  uninstallAgent,
} from "./agent-units.ts";
