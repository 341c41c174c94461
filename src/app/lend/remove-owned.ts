/** Removes what a client has made: by its owner label, which the gateway has put there. */
import { json } from "../../base/index.ts";
import type { GatewayAccess } from "../../gateway/index.ts";
import { OWNER_LABEL } from "../../policy/index.ts";
import type { LendPorts } from "./ports.ts";

const id = { read: json.matching(/^[0-9a-f]{64}$/, "an ID") };
const readById = json.list(json.openObject<{ readonly Id: string }>({ Id: id }));
interface Container {
  readonly Id: string;
  readonly ImageID: string;
}
const readContainers = json.list(json.openObject<Container>({ Id: id, ImageID: { read: json.words(200) } }));
const readSome = json.list(json.openObject({}));
/** Of an image, whether it has the label itself. */
const readIsForged: json.Read<boolean> = (value) => {
  const { Config } = (value ?? {}) as { readonly Config?: { readonly Labels?: object | null } | null };
  return Object.hasOwn(Config?.Labels ?? {}, OWNER_LABEL);
};
const readVolumes = json.openObject<{ readonly Volumes: readonly { readonly Name: string }[] | null }>({
  Volumes: {
    read: json.orNull(
      json.list(json.openObject<{ readonly Name: string }>({ Name: { read: json.words(255) } })),
    ),
  },
});

/**
 * A container inherits its image's labels, and whoever builds an image chooses them: a container whose image has the label
 * could be anybody's, and stays (ADR 0021).
 */
async function ownContainers(
  engine: LendPorts["engine"],
  access: GatewayAccess,
  filters: string,
): Promise<readonly Container[]> {
  const containers = await engine.list(access, `/containers/json?all=1&filters=${filters}`, readContainers);
  if (containers.length === 0) return containers;
  const images = await engine.list(access, `/images/json?all=1&filters=${filters}`, readSome);
  if (images.length === 0) return containers;
  const own: Container[] = [];
  for (const one of containers) {
    const path = `/images/${encodeURIComponent(one.ImageID)}/json`;
    if (!(await engine.list(access, path, readIsForged))) own.push(one);
  }
  return own;
}

/** @returns how many things are gone: containers first, since they use the others */
export async function removeOwned(
  { engine }: Pick<LendPorts, "engine">,
  access: GatewayAccess,
  owner: string,
): Promise<number> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${OWNER_LABEL}=${owner}`] }));
  const containers = await ownContainers(engine, access, filters);
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
