/**
 * A list that enough operators have signed, and which did not get into the store: it was full or away, or the command was killed.
 * Until it gets there, its machine keeps the signed change as if it still waited. The others may finish that change without this
 * machine, or another one.
 */
import { isFinished, type OperatedFleet } from "../../../fleet/index.ts";
import { type Brought, bringList, withStore } from "../bring-list.ts";
import type { FleetPorts } from "../ports.ts";

/** @returns whether the list of this machine may never have been in the store */
export async function isUnpublished({ fleets }: FleetPorts, { name, kept }: OperatedFleet): Promise<boolean> {
  const text = await fleets.proposal(name);
  return text !== null && isFinished(kept, text);
}

/** Others would find it, and read that it is published. */
async function removeFinished(ports: FleetPorts, fleet: OperatedFleet): Promise<void> {
  await ports.fleets.setProposal(fleet.name, null);
  await withStore(ports, fleet, async (store) => {
    const text = (await store?.proposed()) ?? null;
    if (text !== null && isFinished(fleet.kept, text)) await store?.propose(null);
  });
}

/** {@link bringList}; once the list is in the store, the change that it was does not wait any more. */
export async function bringSigned(
  ports: FleetPorts,
  fleet: OperatedFleet,
  joining?: ReadonlySet<string>,
): Promise<Brought> {
  const brought = await bringList(ports, fleet, joining);
  if (brought.storeError === null && (await isUnpublished(ports, fleet)))
    await removeFinished(ports, fleet).catch(() => {});
  return brought;
}
