/** Whether the store has a list that this machine does not know: another one, with a copy of the fleet's key, has changed it. */
import { quoteForeign, SECOND_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type FleetList,
  type FleetView,
  type OperatedFleet,
  readPublication,
  verifyDocuments,
} from "../../fleet/index.ts";
import { withStore } from "./bring-list.ts";
import type { FleetPorts } from "./ports.ts";

/** A store that is away must not hold a revocation up. */
const LOOK_MS = 3 * SECOND_MS;
const MOST_NAMES = 10;

/** @returns null: nothing, or nothing that this fleet's operator has signed */
async function viewIn(ports: FleetPorts, fleet: OperatedFleet): Promise<FleetView | null> {
  const text = await withStore(ports, fleet, async (store) => store?.published() ?? null);
  const read = text === null ? null : readPublication(text);
  if (read === null || "problems" in read) return null;
  const { documents, view } = fleet.kept;
  if (read.value.timestamp === documents.timestamp) return null;
  // Against the first root alone: what is old is told by its version.
  const verified = await verifyDocuments(null, { ...read.value, roots: documents.roots });
  return "view" in verified && verified.view.version >= view.version ? verified.view : null;
}

/** @returns what the store has and this machine does not know; null: nothing, or it does not say so in time */
export async function listAhead(ports: FleetPorts, fleet: OperatedFleet): Promise<FleetView | null> {
  if (fleet.store === null) return null;
  const stop = new AbortController();
  const late = ports.pause(LOOK_MS, stop.signal).then(() => null);
  try {
    // Whoever publishes tells that the store is away.
    return await Promise.race([viewIn(ports, fleet).catch(() => null), late]);
  } finally {
    stop.abort();
  }
}

function differences(here: FleetList, there: FleetList): string[] {
  const told = (list: FleetList) =>
    new Map(list.clients.map((client) => [client.name, JSON.stringify(client)]));
  const [own, others] = [told(here), told(there)];
  const names = (all: readonly string[]) =>
    all.slice(0, MOST_NAMES).map(quoteForeign).join(", ") + (all.length > MOST_NAMES ? ", …" : "");
  const only = [...others.keys()].filter((name) => !own.has(name));
  const gone = [...own.keys()].filter((name) => !others.has(name));
  const other = [...own.keys()].filter((name) => others.has(name) && others.get(name) !== own.get(name));
  return [
    ...(only.length > 0 ? [`only there: ${names(only)}`] : []),
    ...(gone.length > 0 ? [`only here: ${names(gone)}`] : []),
    ...(other.length > 0 ? [`different there: ${names(other)}`] : []),
  ];
}

/** FLEET_CONFLICT. @param ahead what the store has and this machine does not know */
export function changedElsewhere(fleet: OperatedFleet, ahead: FleetView): TetherdockError {
  const { version, list } = fleet.kept.view;
  return new TetherdockError("FLEET_CONFLICT", "another machine has changed this fleet's list", {
    why: [
      `the store has version ${ahead.version}, and this machine ${ahead.version === version ? "another version" : "version"} ${version}`,
      ...differences(list, ahead.list),
    ],
    hints: [
      `make the change there, or copy its folder of the fleet here: ~/.config/tetherdock/fleets/${fleet.name}`,
      `${shellJoin(["tetherdock", "fleet", "push", "--force", "--fleet", fleet.name])}   # only if the list of this machine is to count`,
    ],
  });
}

/** @throws FLEET_CONFLICT: the store has a list that this machine does not know */
export async function requireNewest(ports: FleetPorts, fleet: OperatedFleet): Promise<void> {
  const ahead = await listAhead(ports, fleet);
  if (ahead !== null) throw changedElsewhere(fleet, ahead);
}
