/**
 * A list that enough operators have signed, and which did not get into the store: it was full or away, or the command was killed.
 * Until it gets there, its machine keeps the signed change as if it still waited. The others may finish that change without this
 * machine, or another one.
 */
import { isFinished, type OperatedFleet } from "../../../fleet/index.ts";
import { withStore } from "../bring-list.ts";
import type { FleetPorts } from "../ports.ts";

/** @returns whether the list of this machine may never have been in the store */
export async function isUnpublished({ fleets }: FleetPorts, { name, kept }: OperatedFleet): Promise<boolean> {
  const text = await fleets.proposal(name);
  return text !== null && isFinished(kept, text);
}

/** Others would find it, and read that it is published. */
export async function removeFinished(ports: FleetPorts, fleet: OperatedFleet): Promise<void> {
  await ports.fleets.setProposal(fleet.name, null);
  await withStore(ports, fleet, async (store) => {
    const text = (await store?.proposed()) ?? null;
    if (text !== null && isFinished(fleet.kept, text)) await store?.propose(null);
  });
}
