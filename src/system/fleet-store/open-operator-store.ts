/** The driver for a store's address, for the operator. */
import { TetherdockError } from "../../base/index.ts";
import {
  type ChangeSettings,
  kindOfStore,
  type OperatedStore,
  type OperatorStore,
  type StoreKind,
} from "../../fleet/index.ts";

/** Loaded when it is needed. */
const DRIVERS: Readonly<
  Partial<
    Record<StoreKind, (store: OperatedStore, fleet: string, keep: ChangeSettings) => Promise<OperatorStore>>
  >
> = {
  nats: async (store, fleet, keep) =>
    (await import("./nats/operator-store.ts")).openNatsOperatorStore(store, fleet, keep),
  https: async (store) => (await import("./https/operator-store.ts")).openFolderStore(store),
};

/** @param keep of this machine's settings @throws FLEET_STORE_FAILED: this tetherdock does not know the kind; FLEET_BROKEN */
export async function openOperatorStore(
  store: OperatedStore,
  fleet: string,
  keep: ChangeSettings,
): Promise<OperatorStore> {
  const kind = kindOfStore(store.address);
  const open = DRIVERS[kind];
  if (open) return open(store, fleet, keep);
  throw new TetherdockError("FLEET_STORE_FAILED", `this tetherdock has no driver for ${kind}`);
}
