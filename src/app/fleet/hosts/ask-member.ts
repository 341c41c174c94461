/** Asks a host that joins or leaves a fleet. */
import { quoteForeign, SECOND_MS, shellJoin, TetherdockError } from "../../../base/index.ts";
import type { OperatedFleet } from "../../../fleet/index.ts";
import { callLine, readDone } from "../../gateway-api/index.ts";
import type { FleetPorts } from "../ports.ts";
import { askHost } from "../push-list.ts";
import { authoritiesOf, requireSameHost } from "./same-host.ts";

/** A host that hangs must not hold up that it is taken off the list. */
const FORCED_MS = 5 * SECOND_MS;

/** @returns what the host says of this fleet @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED; FLEET_REFUSED: it is in another */
export async function askMember(ports: FleetPorts, fleet: string, host: string, signal?: AbortSignal) {
  const before = await askHost(ports, host, signal);
  const there = before.fleet;
  if (there === null || there.name === fleet) return before;
  const leave = shellJoin(["tetherdock", "fleet", "leave", host, "--fleet", there.name]);
  throw new TetherdockError(
    "FLEET_REFUSED",
    `the host of line "${host}" is in the fleet ${quoteForeign(there.name)}`,
    { hints: [`${leave}   # where that fleet is operated`] },
  );
}

async function letGo(ports: FleetPorts, { name, kept }: OperatedFleet, host: string, signal: AbortSignal) {
  const isMember = (await askMember(ports, name, host, signal)).fleet !== null;
  if (!isMember) requireSameHost(kept.view.list, host, await authoritiesOf(ports, host));
  if (isMember) await callLine(ports, host, { method: "DELETE", path: "fleet", signal }, readDone);
}

/**
 * Takes the fleet's list from the host.
 * @returns whether it has left @throws unless forced: GATEWAY_UNREACHABLE, GATEWAY_REFUSED, FLEET_REFUSED
 */
export async function askToLeave(
  ports: FleetPorts,
  fleet: OperatedFleet,
  host: string,
  { force }: { readonly force: boolean },
): Promise<boolean> {
  const stop = new AbortController();
  const left = letGo(ports, fleet, host, stop.signal).then(() => true);
  try {
    return await (force ? Promise.race([left, ports.pause(FORCED_MS, stop.signal).then(() => false)]) : left);
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
    if (force) return false;
    throw error.with({
      hints: [shellJoin(["tetherdock", "fleet", "leave", host, "--fleet", fleet.name, "--force"])],
    });
  } finally {
    left.catch(() => {});
    stop.abort();
  }
}
