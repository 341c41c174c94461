export { type TopologyResult, topology } from "./topology.ts";
