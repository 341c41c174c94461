export type { TopologyPorts } from "./ports.ts";
export { type TopologyResult, topology } from "./topology.ts";
