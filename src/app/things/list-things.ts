/** What clients have made on the engine of a line, and whose it is. */
import type { Client } from "../../identity/index.ts";
import { askClients, type GatewayPorts, gatewayAccess } from "../gateway-api/index.ts";
import { type EngineList, type Owned, ownedContainers, ownedNetworks, ownedVolumes } from "./owned.ts";

export interface ThingsPorts extends GatewayPorts {
  readonly engine: EngineList;
}

export type Kind = "container" | "network" | "volume";

export interface Thing extends Owned {
  readonly kind: Kind;
  /** Of the client with the owner's key; null: it is on the list no more. */
  readonly client: string | null;
}

export interface Asked {
  /** As typed; undefined: the one that is meant when none is named. */
  readonly line: string | undefined;
  /** Only what belongs to no client on the list. */
  readonly removed: boolean;
}

function namesByKey(clients: readonly Client[]): ReadonlyMap<string, string> {
  return new Map(clients.flatMap(({ name, fingerprint }) => (fingerprint ? [[fingerprint, name]] : [])));
}

/** @returns containers, then networks, then volumes: the order in which they can be removed */
export async function listThings(ports: ThingsPorts, { line, removed }: Asked): Promise<readonly Thing[]> {
  const access = await gatewayAccess(ports, line);
  const names = namesByKey((await askClients(ports, line)).clients);
  const of = (kind: Kind, found: readonly Owned[]) =>
    found.map((one): Thing => ({ ...one, kind, client: names.get(one.owner) ?? null }));
  const things = [
    ...of("container", await ownedContainers(ports.engine, access, null)),
    ...of("network", await ownedNetworks(ports.engine, access, null)),
    ...of("volume", await ownedVolumes(ports.engine, access, null)),
  ];
  return removed ? things.filter(({ client }) => client === null) : things;
}
