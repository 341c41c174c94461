/** Removes what a client has made: by its owner label, which the gateway has put there. */
import { json } from "../../base/index.ts";
import type { GatewayAccess } from "../../gateway/index.ts";
import { OWNER_LABEL } from "../../policy/index.ts";
import type { LendPorts } from "./ports.ts";

const id = { read: json.matching(/^[0-9a-f]{64}$/, "an ID") };
const readById = json.list(json.openObject<{ readonly Id: string }>({ Id: id }));
const readVolumes = json.openObject<{ readonly Volumes: readonly { readonly Name: string }[] | null }>({
  Volumes: {
    read: json.orNull(
      json.list(json.openObject<{ readonly Name: string }>({ Name: { read: json.words(255) } })),
    ),
  },
});

/** @returns how many things are gone: containers first, since they use the others */
export async function removeOwned(
  { engine }: Pick<LendPorts, "engine">,
  access: GatewayAccess,
  owner: string,
): Promise<number> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${OWNER_LABEL}=${owner}`] }));
  const containers = await engine.list(access, `/containers/json?all=1&filters=${filters}`, readById);
  const paths = containers.map(({ Id }) => `/containers/${Id}?force=1&v=1`);
  for (const path of paths) await engine.remove(access, path);
  const networks = await engine.list(access, `/networks?filters=${filters}`, readById);
  const { Volumes } = await engine.list(access, `/volumes?filters=${filters}`, readVolumes);
  const others = [
    ...networks.map(({ Id }) => `/networks/${Id}`),
    ...(Volumes ?? []).map(({ Name }) => `/volumes/${encodeURIComponent(Name)}`),
  ];
  for (const path of others) await engine.remove(access, path);
  return paths.length + others.length;
}
