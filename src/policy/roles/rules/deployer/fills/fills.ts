/**
 * Filling volumes. When the engine creates a container, it copies the image's files into each empty volume: as root on the host,
 * path by path, and it follows links in the volume. A container that changes the volume meanwhile, or a second copy into it, would
 * lead it to any folder of the host. So it copies only while nothing else can change the volume (ADR 0043).
 */
import type { Asking, EngineLookup, FoundContainer } from "../../../../asking.ts";
import { listAt, objectAt, textAt, textsAt } from "../../../../body/json/fields.ts";
import { isObject, type JsonValue } from "../../../../body/json/value.ts";
import type { Fields } from "../../../../body/judge-body.ts";
import { refusal } from "../../../../refusal.ts";
import type { RuleVerdict } from "../../../rule.ts";

/** Of a create that the gateway has not seen: from before it started, or an admin's. */
const busy = (name: string): RuleVerdict =>
  refusal(
    "volumeName",
    `Docker is still creating or removing a container that uses the volume ${name}; try again when it is done`,
  );

/**
 * It is held first: a container that appears after the question is not started before the engine has answered. Requests wait for
 * each other, so no container with the volume exists while the engine fills it. A volume that is in use without a container is
 * one of a container that the engine is creating: it may be filling it since before the gateway started.
 */
async function mayFill(name: string, engine: EngineLookup): Promise<boolean | RuleVerdict> {
  while (!engine.fills.begin(name)) await engine.fills.whenEnded(name);
  const isListed = await engine.hasContainerWith(name);
  if (!isListed && (await engine.isUnused(name))) return true;
  // It may have been made since.
  const isMade = isListed || (await engine.hasContainerWith(name));
  engine.fills.end(name);
  return isMade ? false : busy(name);
}

/** @param names of the volumes in a container's judged fields @returns the fields, without a copy where something else could change the volume */
export async function withSafeFills(
  fields: Fields,
  names: readonly string[],
  { engine }: Asking,
): Promise<Fields | RuleVerdict> {
  const kept = new Set<string>();
  // in one order for all requests: none waits for one that waits for it
  for (const name of [...names].sort()) {
    const may = await mayFill(name, engine);
    if (typeof may !== "boolean") return may;
    if (!may) kept.add(name);
  }
  if (kept.size === 0) return fields;
  const host = objectAt(fields, "HostConfig");
  const changed: [string, JsonValue][] = [
    ["Binds", textsAt(host, "Binds").map((bind) => bindWithoutCopy(bind, kept))],
    ["Mounts", listAt(host, "Mounts").map((mount) => mountWithoutCopy(mount, kept))],
  ];
  return new Map([...fields, ["HostConfig", new Map([...host, ...changed])] as const]);
}

function bindWithoutCopy(bind: string, kept: ReadonlySet<string>): string {
  const [name = "", target = "", options = ""] = bind.split(":");
  const all = options.split(",").filter((option) => option !== "" && option !== "nocopy");
  return kept.has(name) ? [name, target, [...all, "nocopy"].join()].join(":") : bind;
}

function mountWithoutCopy(mount: JsonValue, kept: ReadonlySet<string>): JsonValue {
  if (!isObject(mount) || textAt(mount, "Type") !== "volume" || !kept.has(textAt(mount, "Source")))
    return mount;
  const options = new Map([...objectAt(mount, "VolumeOptions"), ["NoCopy", true] as const]);
  return new Map([...mount, ["VolumeOptions", options] as const]);
}

/**
 * For what runs a container, or writes to its volumes. Another request may fill one; or the engine, for a container that was begun
 * before the gateway started: newer engines do not list it until it is made, and a create with its volume is refused then.
 * @returns why it has to wait; null: it need not
 */
export async function refuseWhileFilled(
  { volumes }: FoundContainer,
  { engine }: Asking,
): Promise<RuleVerdict | null> {
  for (const name of volumes)
    if (engine.fills.isBegun(name) || (await engine.hasHalfMadeContainerWith(name)))
      return refusal(
        "volumeName",
        `Docker is filling its volume ${name} for a container that is being created; try again when that has ended`,
      );
  return null;
}
