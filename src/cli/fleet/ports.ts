/** The ports of `fleet`, made from the world of a command. */
import type { FleetPorts } from "../../app/fleet/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { createFleetStore } from "../../system/identity/fleet-store.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";

export function fleetPorts(context: Context): FleetPorts {
  const fleets = createFleetStore(tetherdockHome(context));
  return { ...gatewayPorts(context), clock: context.clock, fleets };
}
