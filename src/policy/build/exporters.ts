/** What becomes of a build's result: an image on the engine, or files that go back to the client. */
import type { EngineLookup } from "../asking.ts";
import { isNewName } from "../body/model/rules.ts";
import { BUILDER_LABEL } from "./attributes.ts";
import { refuse } from "./refusal.ts";
import type { Entries, Message } from "./wire.ts";

/** The engine's image exporter has two names. The others write to the client, through its own session. */
const TYPES: readonly string[] = ["image", "moby", "local", "tar", "docker", "oci"];

const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...["unpack", "store", "compression", "compression-level", "force-compression", "oci-mediatypes"],
  ...["load", "rewrite-timestamp", "tar", "platform-split", "dest", "mode"],
]);

/** `[HOST[:PORT]/]NAME[:TAG]`, without a digest: as Docker writes references. */
const NAME = /^(?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9._/-]+(?::[\w][\w.-]{0,127})?$/;
const MOST_NAMES = 16;
const MOST_CHARACTERS = 255;

/** `docker.io/library/NAME:TAG` is also called `NAME`. */
const SHORT = /^(?:(?:index\.)?docker\.io\/)?(?:library\/)?([^/:]+)(?::[^/]*)?$/i;

/** Whether a command could mean an image's ID by this name: the engine takes the name first. */
const isLikeAnId = (name: string): boolean => !isNewName(SHORT.exec(name)?.[1] ?? "");

const isOff = (value: string): boolean => ["", "false", "0", "f", "F", "FALSE", "False"].includes(value);

/** @param name that an image is to get @throws CallProblem */
export function checkName(name: string, place: string): void {
  if (name.length > MOST_CHARACTERS || !NAME.test(name))
    refuse("imageName", place, name, "it is not a name as the engine reads it");
  if (isLikeAnId(name)) refuse("imageName", place, name, "it looks like an ID; use another name");
}

function namesOf(value: string, place: string): string[] {
  const names = value === "" ? [] : value.split(",");
  if (names.length > MOST_NAMES)
    refuse("imageName", place, value, `there may be ${MOST_NAMES} names at most`);
  for (const name of names) checkName(name, place);
  return names;
}

function judgeAttribute(name: string, value: string, place: string): string[] {
  if (name === "name") return namesOf(value, place);
  if (name === "push" || name === "push-by-digest") {
    if (!isOff(value)) refuse("push", place, value, "a build may not push; leave out --push");
  } else if (!ATTRIBUTES.has(name) && !name.startsWith("annotation"))
    refuse("output", place, value, "tetherdock does not know it; leave it out");
  return [];
}

function judgeExporter(type: string, attributes: Entries, place: string): string[] {
  if (!TYPES.includes(type)) refuse("output", `${place}.Type`, type, `only ${TYPES.join(", ")} are allowed`);
  return [...attributes].flatMap(([name, value]) =>
    judgeAttribute(name, value as string, `${place}.Attrs.${name.slice(0, 80)}`),
  );
}

/** @returns the names that the image gets @throws CallProblem */
export function judgeExporters(solve: Message): string[] {
  const old = (solve["ExporterDeprecated"] ?? "") as string;
  const oldAttributes = (solve["ExporterAttrsDeprecated"] ?? new Map()) as Entries;
  const names = old === "" && oldAttributes.size === 0 ? [] : judgeExporter(old, oldAttributes, "Exporter");
  const exporters = (solve["Exporters"] ?? []) as readonly Message[];
  const others = exporters.flatMap((exporter, index) =>
    judgeExporter(
      (exporter["Type"] ?? "") as string,
      (exporter["Attrs"] ?? new Map()) as Entries,
      `Exporters[${index}]`,
    ),
  );
  const all = [...new Set([...names, ...others])];
  // each costs a call of the engine
  if (all.length > MOST_NAMES)
    refuse("imageName", "Exporters", all.join(), `there may be ${MOST_NAMES} names at most`);
  return all;
}

/**
 * A name may be new, or belong to an image that the client built. Otherwise a client could put an image of their own in the
 * place of one that somebody else runs.
 * @throws CallProblem
 */
export async function checkNames(
  names: readonly string[],
  owner: string,
  engine: EngineLookup,
): Promise<void> {
  for (const name of names) {
    const labels = await engine.inspectImage(name);
    if (labels !== null && labels[BUILDER_LABEL] !== owner)
      refuse(
        "imageName",
        "the image's name",
        name,
        "there is an image of this name that you did not build; use another name",
      );
  }
}
