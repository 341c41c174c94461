/** The driver for a store's address, for a host. */
import { TetherdockError } from "../../base/index.ts";
import { type HostAccess, type HostStore, kindOfStore, type StoreKind } from "../../fleet/index.ts";

/** Loaded when it is needed: a host has one store. */
const DRIVERS: Readonly<Partial<Record<StoreKind, (access: HostAccess) => Promise<HostStore>>>> = {
  nats: async (access) => (await import("./nats/host/host-store.ts")).openNatsStore(access),
  https: async (access) => (await import("./https/host-store.ts")).openHttpsStore(access),
};

/** @throws FLEET_STORE_FAILED: this tetherdock does not know the kind */
export async function openHostStore(access: HostAccess): Promise<HostStore> {
  const kind = kindOfStore(access.address);
  const open = DRIVERS[kind];
  if (open) return open(access);
  throw new TetherdockError("FLEET_STORE_FAILED", `this tetherdock has no driver for ${kind}`);
}
