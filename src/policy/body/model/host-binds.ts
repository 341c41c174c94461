/**
 * Folders and files of the host that a role file permits containers to bind, each by its exact path. The engine follows links
 * in a bind's source, so a prefix would permit the whole host: a container can make a link in a folder that it writes. What is
 * named here is replaced only by whoever writes to the folder around it (docs/adr/0038).
 */
import { listAt, objectAt, textAt, textsAt } from "../json/fields.ts";
import { isObject, type JsonObject, type JsonValue } from "../json/value.ts";
import { isMountTarget, words } from "./rules.ts";

export interface HostBind {
  readonly path: string;
  readonly readOnly: boolean;
}

/** @returns the path as the engine reads it; null: it is not absolute, or has `.` or `..` */
export function cleanPath(text: string): string | null {
  if (!/^\/[^:\p{Cc}]+$/u.test(text)) return null;
  const segments = text.split("/").filter((segment) => segment !== "");
  const isPlain = segments.length > 0 && !segments.includes(".") && !segments.includes("..");
  return isPlain ? `/${segments.join("/")}` : null;
}

/** Of two clean paths. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);

export function permitsBind(binds: readonly HostBind[], source: string, isReadOnly: boolean): boolean {
  const path = cleanPath(source);
  return path !== null && binds.some((one) => one.path === path && (isReadOnly || !one.readOnly));
}

const SHOWN = 3;

/** What a refused bind has to become. */
export function describeBinds(binds: readonly HostBind[]): string {
  const shown = binds.slice(0, SHOWN).map(({ path, readOnly }) => `-v ${path}:/path${readOnly ? ":ro" : ""}`);
  const more = binds.length > SHOWN ? ` and ${binds.length - SHOWN} more` : "";
  return `of the host's paths, the role may bind exactly these: use ${shown.join(" or ")}${more}, or a volume`;
}

/** Without propagation, which can change mounts of the host, and `z` and `Z`, which change labels there. */
const OPTIONS = words("ro rw rprivate consistent cached delegated");

interface Parsed {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** @returns null: it is not `/source:/target` with options that are known */
export function parseHostBind(text: string): Parsed | null {
  const [source = "", target = "", options, ...more] = text.split(":");
  if (more.length > 0 || !source.startsWith("/") || !isMountTarget(target)) return null;
  const given = options === undefined ? [] : options.split(",");
  if (!given.every((one) => OPTIONS.has(one)) || (given.includes("ro") && given.includes("rw"))) return null;
  return { source, target, readOnly: given.includes("ro") };
}

/**
 * As a mount, for which the engine creates no missing source. A read-only one does not have the filesystems that are mounted
 * below it: engines before 25 leave these writable.
 */
function mountOf({ source, target, readOnly }: Parsed): JsonObject {
  return new Map<string, JsonValue>([
    ["Type", "bind"],
    ["Source", cleanPath(source) ?? ""],
    ["Target", target],
    ["ReadOnly", readOnly],
    ["BindOptions", new Map([["NonRecursive", readOnly]])],
  ]);
}

export const isBindMount = (mount: JsonObject): boolean => textAt(mount, "Type") === "bind";

function rewritten(mount: JsonValue): JsonValue {
  if (!isObject(mount) || !isBindMount(mount)) return mount;
  const readOnly = mount.get("ReadOnly") === true;
  const asked = objectAt(mount, "BindOptions").get("NonRecursive") === true;
  const written = mountOf({ source: textAt(mount, "Source"), target: textAt(mount, "Target"), readOnly });
  return new Map([...written, ["BindOptions", new Map([["NonRecursive", readOnly || asked]])]]);
}

/** @returns the paths of the host in a body whose binds are mounts */
export const bindSources = (fields: ReadonlyMap<string, JsonValue>): string[] =>
  listAt(objectAt(fields, "HostConfig"), "Mounts")
    .filter(isObject)
    .filter(isBindMount)
    .map((mount) => textAt(mount, "Source"));

/** @param fields that the model has let through @returns them with every bind of the host as a mount; null: there is none */
export function withBindMounts(fields: ReadonlyMap<string, JsonValue>): Map<string, JsonValue> | null {
  const host = objectAt(fields, "HostConfig");
  const binds = textsAt(host, "Binds");
  const mounts = listAt(host, "Mounts");
  const ofHost = binds.filter((bind) => bind.startsWith("/")).flatMap((bind) => parseHostBind(bind) ?? []);
  if (ofHost.length === 0 && !mounts.filter(isObject).some(isBindMount)) return null;
  const changed = new Map([
    ...host,
    ["Binds", binds.filter((bind) => !bind.startsWith("/"))],
    ["Mounts", [...mounts.map(rewritten), ...ofHost.map(mountOf)]],
  ]);
  return new Map([...fields, ["HostConfig", changed]]);
}
