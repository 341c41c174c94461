export {
  type AgentUnitPorts,
  installAgent,
  isActivated,
  isAsleep,
  uninstallAgent,
} from "./agent-units.ts";
export { installLaunchAgent, type LaunchAgentPorts, uninstallLaunchAgent } from "./launch-agent.ts";
