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

/** It is held first: a container that appears after the question is not started before the engine has answered. */
async function mayFill(name: string, engine: EngineLookup): Promise<boolean> {
  if (!engine.fills.begin(name)) return false;
  if (!(await engine.hasContainerWith(name))) return true;
  engine.fills.end(name);
  return false;
}

/** @param names of the volumes in a container's judged fields @returns the fields, without a copy where something else could change the volume */
export async function withSafeFills(
  fields: Fields,
  names: readonly string[],
  { engine }: Asking,
): Promise<Fields> {
  const kept = new Set<string>();
  for (const name of names) if (!(await mayFill(name, engine))) kept.add(name);
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

/** For what runs a container, or writes to its volumes. @returns why it has to wait; null: it need not */
export function refuseWhileFilled({ volumes }: FoundContainer, { engine }: Asking): RuleVerdict | null {
  const name = volumes.find((volume) => engine.fills.isBegun(volume));
  return name === undefined
    ? null
    : refusal(
        "volumeName",
        `Docker is filling its volume ${name} for a container that is being created; try again when that has ended`,
      );
}
