/** `fleet store`: gives a fleet another store, or its first, or none. */
import { isShared, type OperatedFleet, type OperatedStore, type StoreAddress } from "../../fleet/index.ts";
import { bringList, type Pushed } from "./bring-list.ts";
import { tellStore } from "./fleet.ts";
import { withProcess } from "./hosts/just-joined.ts";
import { lsOf, requireNewest } from "./newest-list.ts";
import { openFleet, publish } from "./open-fleet.ts";
import { bringSigned } from "./operators/bring-signed.ts";
import type { FleetPorts } from "./ports.ts";

export interface StoreBefore {
  /** Where the list says it is; null: the fleet has none. */
  readonly address: StoreAddress | null;
  /** As this machine keeps it. */
  readonly kept: OperatedStore | null;
}

/** What other operators change comes by the store only. */
function tellOthers({ tell }: FleetPorts, { kept, name }: OperatedFleet): void {
  if (!isShared(kept.documents)) return;
  tell(
    `warning: the fleet has other operators: without a store none of them learns what another changes (${lsOf(name)})`,
  );
}

/**
 * The old store gets the list that names the new one: hosts that no line reaches move there by it, if they need no new
 * credentials. Then the new store gets it, and each host that a line reaches learns its credentials.
 * @param asked null: hosts get the list over the operator's lines only
 * @param complete takes what was not said again from the store before; may refuse it
 * @returns also whether it had a store before: its hosts' processes take the new one within a minute
 * @throws FLEET_REFUSED, FLEET_CONFLICT
 */
export async function setStore(
  ports: FleetPorts,
  name: string | undefined,
  asked: OperatedStore | null,
  complete: (before: StoreBefore, next: OperatedStore) => OperatedStore = (_, next) => next,
): Promise<Pushed & { readonly isMove: boolean }> {
  const opened = await openFleet(ports, name);
  // The store before may be gone for good. An operator alone has lost nothing with it.
  const before = await requireNewest(ports, opened, isShared(opened.kept.documents) ? "tell" : "told");
  const store = asked && complete({ address: before.kept.view.list.store, kept: before.store }, asked);
  if (store === null) tellOthers(ports, before);
  const list = { ...before.kept.view.list, store: store?.address ?? null };
  const signed = await publish(ports, before, { list }, { isStoreNew: true });
  // Whether the old store still works is no matter any more.
  const left = before.store === null ? null : await bringList(ports, signed);
  await ports.fleets.setStore(before.name, store);
  const brought = await bringSigned(ports, { ...signed, store });
  const best = brought.hosts.map((one, at) => ("error" in one ? (left?.hosts[at] ?? one) : one));
  const all = new Set(list.hosts.map((host) => host.name));
  const isMove = before.store !== null && store !== null;
  const told = await tellStore(ports, { ...brought, hosts: best }, all);
  // A process that reads the old store takes the new one later.
  const hosts = store === null || isMove ? told : await withProcess(ports, told, all);
  return { ...brought, isMove, hosts };
}
