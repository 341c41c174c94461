export {
  type AgentUnitPorts,
  agentServiceUnit,
  installAgent,
  socketUnit,
  uninstallAgent,
} from "./agent-units.ts";
