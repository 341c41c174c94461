export type { HostRecord } from "./audit/as-they-come.ts";
export {
  type FetchedHost,
  type FleetAuditPorts,
  type FleetPlace,
  fetchFleetAudit,
  type VerifiedHost,
  verifyFleetAudit,
} from "./audit/fleet-audit.ts";
export { showFleetAudit } from "./audit/fleet-records.ts";
export { followFleetAudit, type HostsTold } from "./audit/follow-records.ts";
export type { Pushed } from "./bring-list.ts";
export { renewFleetClient } from "./clients/renew-client.ts";
export { type ShownFleetClient, showFleetClient } from "./clients/show-client.ts";
export { initFleet, joinHosts, leaveFleet, pushFleet } from "./fleet.ts";
export {
  addFleetClient,
  type FleetCertificate,
  type NewFleetClient,
  removeFleetClient,
  revokeFleetClient,
  setFleetExpires,
  setFleetRole,
} from "./fleet-clients.ts";
export { type FleetStatus, fleetStatus, storeProblem } from "./fleet-status.ts";
export { type HostDetails, hostDetails } from "./hosts/host-details.ts";
export { lineErrorOf, waysToSilent } from "./hosts/off-line.ts";
export { takeNewest } from "./newest-list.ts";
export { fleetsWith, type ListedFleet, listFleets, openFleet } from "./open-fleet.ts";
export { openShared, operatorPublicKey } from "./operators/open-shared.ts";
export {
  addOperator,
  allNeeded,
  fleetOperators,
  type Operators,
  removeOperator,
  rotateKey,
  setThreshold,
} from "./operators/operators.ts";
export { OPERATOR_PASSPHRASE } from "./operators/own-key.ts";
export { removedFrom } from "./operators/proposals.ts";
export { protectOperator, unprotectOperator } from "./operators/protect-operator.ts";
export { dropWaiting, signWaiting, type Waiting, waitingIn } from "./operators/sign.ts";
export type { FleetPorts } from "./ports.ts";
export type { HostFleet, HostResult } from "./push-list.ts";
export { doubtOf, missing, refusedOn, stillOpen, versionOn } from "./results.ts";
export {
  type AppliedRoles,
  applyFleetRoles,
  type ListedFleetRole,
  listFleetRoles,
  type RoleChange,
  removeFleetRole,
  showFleetRole,
} from "./roles/fleet-roles.ts";
export { type StoreBefore, setStore } from "./set-store.ts";
