/** What clients have made on an engine, by the labels that the gateway has put there. */
import { json } from "../../base/index.ts";
import type { GatewayAccess } from "../../gateway/index.ts";
import { namesOwner, OWNER_LABEL } from "../../policy/index.ts";

/** The line's own access to the engine. */
export interface EngineList {
  /** @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED */
  list<T>(access: GatewayAccess, path: string, reader: json.Read<T>): Promise<T>;
}

/** A client's thing. */
export interface Owned {
  /** A volume has none. */
  readonly id: string | null;
  readonly name: string;
  /** SHA-256 of the client's public key. */
  readonly owner: string;
}

const KEY = /^[0-9a-f]{64}$/;
const id = { read: json.matching(KEY, "an ID") };
const NAME_LENGTH = 255;
/** Cut, because no name is to keep a list from being read: whoever made the thing has chosen it. */
const cut: json.Read<string> = (value) => (typeof value === "string" ? value.slice(0, NAME_LENGTH) : "");

/** Of labels, the owner's key; empty: the label is not there, or has something else. */
const readOwner: json.Read<string> = (labels) => {
  const value = (labels as Readonly<Record<string, unknown>> | null | undefined)?.[OWNER_LABEL];
  return typeof value === "string" && KEY.test(value) ? value : "";
};
const owner = { read: readOwner };

interface Container {
  readonly Id: string;
  readonly ImageID: string;
  readonly Names: string;
  readonly Labels: string;
}
const readContainers = json.list(
  json.openObject<Container>({
    Id: id,
    ImageID: { read: json.words(200) },
    Names: { read: (names, ...more) => cut(Array.isArray(names) ? names[0] : "", ...more) },
    Labels: owner,
  }),
);
interface Network {
  readonly Id: string;
  readonly Name: string;
  readonly Labels: string;
}
const readNetworks = json.list(json.openObject<Network>({ Id: id, Name: { read: cut }, Labels: owner }));
interface Volume {
  readonly Name: string;
  readonly Labels: string;
}
const readVolumes = json.openObject<{ readonly Volumes: readonly Volume[] | null }>({
  Volumes: {
    read: json.orNull(
      json.list(json.openObject<Volume>({ Name: { read: json.words(NAME_LENGTH) }, Labels: owner })),
    ),
  },
});
const readSome = json.list(json.openObject({}));
interface LabelledImage {
  readonly Config?: { readonly Labels?: Readonly<Record<string, unknown>> | null } | null;
}
/** Of an image, whether it names an owner itself. */
const readIsForged: json.Read<boolean> = (value) =>
  namesOwner(((value ?? {}) as LabelledImage).Config?.Labels);

/** @param key of one client; null: of all @returns the query */
function labelled(key: string | null): string {
  const label = [key === null ? OWNER_LABEL : `${OWNER_LABEL}=${key}`];
  return `filters=${encodeURIComponent(JSON.stringify({ label }))}`;
}

/** @param key of one client; null: of any @returns those that are a client's, whatever the engine took the filter for */
const ownedBy = (key: string | null, found: readonly Owned[]): readonly Owned[] =>
  found.filter(({ owner }) => (key === null ? owner !== "" : owner === key));

/**
 * A container inherits its image's labels, and whoever builds an image chooses them: a container whose image has the label
 * could be anybody's, and is left out (ADR 0021).
 */
export async function ownedContainers(
  engine: EngineList,
  access: GatewayAccess,
  key: string | null,
): Promise<readonly Owned[]> {
  const query = labelled(key);
  const found = await engine.list(access, `/containers/json?all=1&${query}`, readContainers);
  const images = found.length === 0 ? [] : await engine.list(access, `/images/json?all=1&${query}`, readSome);
  const own: Owned[] = [];
  for (const { Id, ImageID, Names, Labels } of found) {
    const path = `/images/${encodeURIComponent(ImageID)}/json`;
    if (images.length > 0 && (await engine.list(access, path, readIsForged))) continue;
    own.push({ id: Id, name: Names.replace(/^\//, ""), owner: Labels });
  }
  return ownedBy(key, own);
}

export async function ownedNetworks(
  engine: EngineList,
  access: GatewayAccess,
  key: string | null,
): Promise<readonly Owned[]> {
  const found = await engine.list(access, `/networks?${labelled(key)}`, readNetworks);
  return ownedBy(
    key,
    found.map(({ Id, Name, Labels }) => ({ id: Id, name: Name, owner: Labels })),
  );
}

export async function ownedVolumes(
  engine: EngineList,
  access: GatewayAccess,
  key: string | null,
): Promise<readonly Owned[]> {
  const { Volumes } = await engine.list(access, `/volumes?${labelled(key)}`, readVolumes);
  return ownedBy(
    key,
    (Volumes ?? []).map(({ Name, Labels }) => ({ id: null, name: Name, owner: Labels })),
  );
}
