export { initFleet, joinHosts, leaveFleet, type Pushed, pushFleet } from "./fleet.ts";
export {
  type FetchedHost,
  type FleetAuditPorts,
  type FleetPlace,
  fetchFleetAudit,
  type VerifiedHost,
  verifyFleetAudit,
} from "./fleet-audit.ts";
export {
  addFleetClient,
  type FleetCertificate,
  type NewFleetClient,
  removeFleetClient,
  revokeFleetClient,
  setFleetRole,
} from "./fleet-clients.ts";
export { followFleetAudit, type HostRecord, showFleetAudit } from "./fleet-records.ts";
export { type FleetStatus, fleetStatus } from "./fleet-status.ts";
export { openFleet } from "./open-fleet.ts";
export type { FleetPorts } from "./ports.ts";
export { type HostFleet, type HostResult, missing, versionOn } from "./push-list.ts";
export { setStore } from "./set-store.ts";
