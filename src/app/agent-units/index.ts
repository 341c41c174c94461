export { type AgentUnitPorts, installAgent, uninstallAgent } from "./agent-units.ts";
