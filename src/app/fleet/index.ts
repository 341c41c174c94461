export {
  addFleetClient,
  type FleetCertificate,
  initFleet,
  joinHosts,
  leaveFleet,
  type NewFleetClient,
  type Pushed,
  pushFleet,
  removeFleetClient,
  revokeFleetClient,
  setFleetRole,
} from "./fleet.ts";
export { openFleet } from "./open-fleet.ts";
export type { FleetPorts } from "./ports.ts";
export { askHosts, type HostFleet, type HostResult, missing } from "./push-list.ts";
