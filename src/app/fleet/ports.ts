/** What `fleet` needs of the outside. */
import type { Clock } from "../../base/index.ts";
import type { FleetFolders } from "../../fleet/index.ts";
import type { GatewayPorts } from "../gateway-api/index.ts";

export interface FleetPorts extends GatewayPorts {
  readonly clock: Clock;
  readonly fleets: FleetFolders;
}
