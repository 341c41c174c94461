/** Removes what a client has made: by its owner label, which the gateway has put there. */
import type { GatewayAccess } from "../../gateway/index.ts";
import { ownedContainers, ownedNetworks, ownedVolumes } from "../things/index.ts";
import type { LendPorts } from "./ports.ts";

/** @returns how many things are gone: containers first, since they use the others */
export async function removeOwned(
  { engine }: Pick<LendPorts, "engine">,
  access: GatewayAccess,
  owner: string,
): Promise<number> {
  const containers = await ownedContainers(engine, access, owner);
  const paths = containers.map(({ id }) => `/containers/${id}?force=1&v=1`);
  for (const path of paths) await engine.remove(access, path);
  const others = [
    ...(await ownedNetworks(engine, access, owner)).map(({ id }) => `/networks/${id}`),
    ...(await ownedVolumes(engine, access, owner)).map(({ name }) => `/volumes/${encodeURIComponent(name)}`),
  ];
  for (const path of others) await engine.remove(access, path);
  return paths.length + others.length;
}
