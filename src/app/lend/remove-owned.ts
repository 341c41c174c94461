/** Removes what a client has made: by its owner label, which the gateway has put there. */
import type { GatewayAccess } from "../../gateway/index.ts";
import { ownedContainers, ownedNetworks, ownedVolumes } from "../things/index.ts";
import type { LendPorts } from "./ports.ts";

/** Removes each, also after one has failed: a container that takes too long must not leave the others running. */
async function removeAll(
  { engine }: Pick<LendPorts, "engine">,
  access: GatewayAccess,
  paths: readonly string[],
): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (const path of paths) await engine.remove(access, path).catch((error: unknown) => errors.push(error));
  return errors;
}

/** @returns how many things are gone: containers first, since they use the others @throws the first that failed, after all were tried */
export async function removeOwned(
  ports: Pick<LendPorts, "engine">,
  access: GatewayAccess,
  owner: string,
): Promise<number> {
  const { engine } = ports;
  const containers = await ownedContainers(engine, access, owner);
  const paths = containers.map(({ id }) => `/containers/${id}?force=1&v=1`);
  const errors = await removeAll(ports, access, paths);
  const others = [
    ...(await ownedNetworks(engine, access, owner)).map(({ id }) => `/networks/${id}`),
    ...(await ownedVolumes(engine, access, owner)).map(({ name }) => `/volumes/${encodeURIComponent(name)}`),
  ];
  errors.push(...(await removeAll(ports, access, others)));
  if (errors.length > 0) throw errors[0];
  return paths.length + others.length;
}
