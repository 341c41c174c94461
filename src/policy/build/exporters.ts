/**
 * What becomes of a build's result: an image on the engine, or files that go back to the client. The engine gets no names for
 * the image: the gateway gives them when the build has ended (ADR 0028).
 */
import { readImageName } from "../body/image-name.ts";
import { isNewName } from "../body/model/rules.ts";
import { refuse } from "./refusal.ts";
import type { Entries, Message, Value } from "./wire.ts";

/** The engine's own image exporter. `image` is BuildKit's, which the engine does not have, or which keeps no unnamed image. */
const ENGINES = "moby";
const ON_ENGINE: readonly string[] = [ENGINES, "image"];
/** They write to the client, through its own session; their answer says which image that is. */
const IMAGES_FOR_CLIENT: readonly string[] = ["docker", "oci"];
const TYPES: readonly string[] = [...ON_ENGINE, ...IMAGES_FOR_CLIENT, "local", "tar"];

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

/** `sha256:3f2a9c0d1e2b` is an ID without its end. */
const ALGORITHM = /^sha\d+$/;

/** Whether a command could mean an image's ID by this name: the engine takes the name first. */
function isLikeAnId(name: string): boolean {
  const short = SHORT.exec(name)?.[1] ?? "";
  return !isNewName(short) || ALGORITHM.test(short);
}

const isOff = (value: string): boolean => ["", "false", "0", "f", "F", "FALSE", "False"].includes(value);

/** @param name that an image is to get @throws CallProblem */
export function checkName(name: string, place: string): void {
  // with a tag, `face` is read as a name, too
  const isRead = readImageName(name) !== null || readImageName(`${name}:x`) !== null;
  if (name.length > MOST_CHARACTERS || !NAME.test(name) || !(isRead || isLikeAnId(name)))
    refuse("imageName", place, name, "it is not a name as the engine reads it");
  if (isLikeAnId(name)) refuse("imageName", place, name, "it looks like an ID; use another name");
}

export function namesOf(value: string, place: string): string[] {
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

interface JudgedExporter {
  /** As the engine gets it. */
  readonly type: string;
  readonly attributes: Entries;
  /** Of the image on the engine. */
  readonly names: readonly string[];
}

function judgeExporter(type: string, attributes: Entries, place: string): JudgedExporter {
  if (!TYPES.includes(type)) refuse("output", `${place}.Type`, type, `only ${TYPES.join(", ")} are allowed`);
  const names = [...attributes].flatMap(([name, value]) =>
    judgeAttribute(name, value as string, `${place}.Attrs.${name.slice(0, 80)}`),
  );
  if (!ON_ENGINE.includes(type)) return { type, attributes, names: [] };
  return { type: ENGINES, attributes: new Map([...attributes].filter(([name]) => name !== "name")), names };
}

/** The answer has one image's ID, the last exporter's: it has to be the one that gets the names. */
function checkLast(exporters: readonly JudgedExporter[]): void {
  const images = exporters.filter(({ type }) => type === ENGINES || IMAGES_FOR_CLIENT.includes(type));
  const named = images.slice(0, -1).find(({ names }) => names.length > 0);
  if (named !== undefined)
    refuse("output", "the image's name", named.names.join(), "put the output that has the names last");
}

const isNothing = (value: Value | undefined): boolean =>
  value === undefined || value === "" || (value as Entries).size === 0;

export interface JudgedExporters {
  /** The fields of the message as the engine gets them. */
  readonly message: Message;
  /** That the image on the engine is to have. */
  readonly names: readonly string[];
}

/** Newer clients send both forms, older engines read the old one. */
function judgeOld(solve: Message): JudgedExporter[] {
  const { ExporterDeprecated: type, ExporterAttrsDeprecated: attributes } = solve;
  if (isNothing(type) && isNothing(attributes)) return [];
  return [judgeExporter((type ?? "") as string, (attributes ?? new Map()) as Entries, "Exporter")];
}

/** @throws CallProblem */
export function judgeExporters(solve: Message): JudgedExporters {
  const [old] = judgeOld(solve);
  const exporters = ((solve["Exporters"] ?? []) as readonly Message[]).map((exporter, index) =>
    judgeExporter(
      (exporter["Type"] ?? "") as string,
      (exporter["Attrs"] ?? new Map()) as Entries,
      `Exporters[${index}]`,
    ),
  );
  checkLast(exporters);
  const names = [...new Set([...(old?.names ?? []), ...exporters.flatMap((exporter) => exporter.names)])];
  // each costs calls of the engine
  if (names.length > MOST_NAMES)
    refuse("imageName", "Exporters", names.join(), `there may be ${MOST_NAMES} names at most`);
  const message = {
    ...(old && { ExporterDeprecated: old.type, ExporterAttrsDeprecated: old.attributes }),
    ...("Exporters" in solve && {
      Exporters: exporters.map(({ type, attributes }) => ({ Type: type, Attrs: attributes })),
    }),
  };
  return { message, names };
}
