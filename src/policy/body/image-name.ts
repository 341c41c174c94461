/** Names of images, read as Docker reads them. */

/** What an image is called in full: `docker.io/library/nginx`. */
export interface ImageName {
  /** The registry and the path, by segment. */
  readonly segments: readonly string[];
  readonly hasDigest: boolean;
}

/** Longer than any that a registry accepts. */
const MAX_LENGTH = 512;
const REGISTRY = /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const PATH = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
/** An engine that finds no image of such a name takes it for the beginning of an ID. */
const ID = /^(?:sha256:)?[0-9a-f]+$/;

/** @param name a tag stays with the last segment @returns its segments, the first of which is the registry */
export function fullName(name: string): string[] {
  const [first = "", ...others] = name.split("/");
  const isRegistry =
    others.length > 0 && (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  const path = isRegistry ? others : [first, ...others];
  const registry = isRegistry && first !== "index.docker.io" ? first : "docker.io";
  return registry === "docker.io" && path.length === 1 ? [registry, "library", ...path] : [registry, ...path];
}

/** Of an image or its manifest: `sha256:` and 64 digits. */
export const isDigest = (text: string): boolean => DIGEST.test(text);

/** @param name without a digest @returns its tag as the second; undefined: it has none */
export function splitTag(name: string): [repository: string, tag: string | undefined] {
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? [name.slice(0, colon), name.slice(colon + 1)] : [name, undefined];
}

/** @returns null: not a name, or one that may stand for an ID */
export function readImageName(text: string): ImageName | null {
  if (text.length > MAX_LENGTH || ID.test(text)) return null;
  const [named = "", digest, ...more] = text.split("@");
  if (more.length > 0 || (digest !== undefined && !isDigest(digest))) return null;
  const [repository, tag] = splitTag(named);
  if (tag !== undefined && !TAG.test(tag)) return null;
  const segments = fullName(repository);
  const [registry = "", ...path] = segments;
  return REGISTRY.test(registry) && path.every((segment) => PATH.test(segment))
    ? { segments, hasDigest: digest !== undefined }
    : null;
}
