/**
 * What a call leaves in dockerd's memory, so that a client may only make so much in a time. Containers, their connections to networks,
 * networks, volumes and names of images stay until somebody removes them. An exec stays for up to ten minutes after its end; one that is
 * never started, until its container ends.
 */
import type { Asking, FoundContainer } from "../../../asking.ts";
import { listAt, objectAt, textAt } from "../../../body/json/fields.ts";
import { isObject, type JsonObject } from "../../../body/json/value.ts";
import { refusal, TOO_MUCH_KEPT } from "../../../refusal.ts";
import type { RuleVerdict } from "../../rule.ts";

/** Of dockerd's structures around a description, about. */
const STRUCTURE_BYTES = 8 * 1024;
/** Of a string in Go, without its text. */
const STRING_BYTES = 16;

/** Of a value in a description, such as an empty ulimit, besides its text: measured with 66,000 of them on Engine 26.1. */
const VALUE_BYTES = 128;
const COMMA = 44;

/** Docker keeps a second copy of a container's or an exec's description, for reading. */
const COPIES = 2;
/** Of a volume without a name, and of a mount: both measured on Engine 26.1, with 2,000 and 5,000 in one container. */
const MOUNT_BYTES = 3 * 1024;
/** Of a network alias, in a container that has been started: measured with 15,000. */
const ALIAS_BYTES = 640;

/** The newest 256 events each have a copy of their container's labels, and stay when it is removed. */
const MOST_LABELS = 1_000;
const MOST_LABEL_BYTES = 64 * 1024;

/** One less than there are in a list, and more if texts have commas. */
function valuesIn(body: Buffer): number {
  let commas = 0;
  for (let at = 0; at < body.length; at++) if (body[at] === COMMA) commas++;
  return commas;
}

/** @param body as JSON @returns what Docker keeps of it, about */
export const bytesOf = (body: Buffer): number => COPIES * body.length + VALUE_BYTES * valuesIn(body);

/** Of the volumes that an image or a container declares. */
export const volumeBytes = (volumes: number): number => MOUNT_BYTES * volumes;

/** What a container's description makes Docker keep besides its own text. */
function madeBytes(fields: JsonObject): number {
  const host = objectAt(fields, "HostConfig");
  const mounts = ["Mounts", "Binds"].reduce((sum, name) => sum + listAt(host, name).length, 0);
  const networks = [...objectAt(objectAt(fields, "NetworkingConfig"), "EndpointsConfig").values()];
  return (
    volumeBytes(mounts + objectAt(fields, "Volumes").size) +
    networks.filter(isObject).reduce((sum, one) => sum + aliasBytes(one), 0)
  );
}

/** @param endpoint of a network */
const aliasBytes = (endpoint: JsonObject): number => ALIAS_BYTES * listAt(endpoint, "Aliases").length;

function labelProblem(fields: JsonObject): RuleVerdict | null {
  const labels = [...objectAt(fields, "Labels")];
  const bytes = labels.reduce((sum, [name, value]) => sum + Buffer.byteLength(name + String(value)), 0);
  return labels.length > MOST_LABELS || bytes > MOST_LABEL_BYTES
    ? refusal(
        "kept",
        `a container has at most ${MOST_LABELS} labels, of ${MOST_LABEL_BYTES} bytes together: Docker copies them with each event`,
      )
    : null;
}

/** @returns that the client has made too much in a short time; null: it may make this, which counts from now on */
export const keepProblem = (body: Buffer, { mayKeep }: Asking, besides = 0): RuleVerdict | null =>
  mayKeep(STRUCTURE_BYTES + bytesOf(body) + besides) ? null : TOO_MUCH_KEPT;

/** @param fields of the body: a container joins a network */
export const connectProblem = (body: Buffer, fields: JsonObject, asking: Asking): RuleVerdict | null =>
  keepProblem(body, asking, aliasBytes(objectAt(fields, "EndpointConfig")));

/** An exec has a list of its container's variables, and shares their text. */
export const execProblem = (body: Buffer, { variables = 0 }: FoundContainer, asking: Asking) =>
  keepProblem(body, asking, STRING_BYTES * variables);

/** Whether it can stand in a path: dockerd removes empty segments and dots from paths, and no image's name has them. */
const isInPath = (text: string): boolean =>
  text.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..");

/**
 * With containerd's store, an engine takes 20 ms to describe an image. So one create in so many asks, and counts for the others: who
 * makes many cannot know which. Who leaves as soon as an answer takes longer is counted as if the image were this large.
 */
const SAMPLE = 8;
/**
 * What is looked at counts twice, because chance lets more pass before: with what Docker keeps alone, a large image took 165 and 220 MB
 * of 128 MiB on Engine 26.1; with this, 83 and 98.
 */
const CHANCE_MARGIN = 2;
const IF_LEFT_BYTES = 16 * 1024 * 1024;

/** A container has a copy of its image's configuration. @param fields of the body, as the client has written it @param platform asked for */
export async function containerProblem(
  body: Buffer,
  fields: JsonObject,
  asking: Asking,
  platform: string,
): Promise<RuleVerdict | null> {
  const image = { ref: textAt(fields, "Image"), platform };
  const refused = labelProblem(fields);
  if (refused !== null) return refused;
  // In turn, or many at once would pass before the first one's answer is here.
  return asking.inTurn(async () =>
    keepProblem(body, asking, madeBytes(fields) + (await sampledBytes(image, asking))),
  );
}

interface Image {
  readonly ref: string;
  readonly platform: string;
}

async function sampledBytes({ ref, platform }: Image, { chance, engine, ifLeft }: Asking): Promise<number> {
  if (!isInPath(ref) || !chance(SAMPLE)) return 0;
  ifLeft(SAMPLE * IF_LEFT_BYTES);
  const bytes = await engine.imageBytes(ref, platform);
  ifLeft(0);
  return SAMPLE * CHANCE_MARGIN * bytes;
}
