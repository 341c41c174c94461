export type { AgentLifePorts, AgentState } from "./ports.ts";
export { type Started, startAgent } from "./start-agent.ts";
export { stopAgents } from "./stop-agent.ts";
