export { FollowStore } from "./follow-store.ts";
export type { FleetHostPorts } from "./ports.ts";
