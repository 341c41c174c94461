export { initFleet, joinHosts, leaveFleet, type Pushed, pushFleet } from "./fleet.ts";
export {
  addFleetClient,
  type FleetCertificate,
  type NewFleetClient,
  removeFleetClient,
  revokeFleetClient,
  setFleetRole,
} from "./fleet-clients.ts";
export { openFleet } from "./open-fleet.ts";
export type { FleetPorts } from "./ports.ts";
export { askHosts, type HostFleet, type HostResult, missing } from "./push-list.ts";
