/** The highest version that hosts have: an old copy of the operator's folder does not know it. */
import { MOST_AHEAD, type OperatedFleet } from "../../../fleet/index.ts";
import type { FleetPorts } from "../ports.ts";
import { askHosts } from "../push-list.ts";

/** @returns 0: none answers. A host that says more than a fleet can have changed since is not believed */
export async function highestOnHosts(ports: FleetPorts, fleet: OperatedFleet): Promise<number> {
  const most = fleet.kept.view.version + MOST_AHEAD;
  const versions = (await askHosts(ports, fleet)).map((one) =>
    "fleet" in one && one.fleet?.name === fleet.name ? one.fleet.version : 0,
  );
  return Math.max(0, ...versions.filter((version) => Number.isSafeInteger(version) && version <= most));
}
