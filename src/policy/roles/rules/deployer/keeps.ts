/**
 * What a call leaves in dockerd's memory, so that a client may only make so much in a time. Containers, their connections to networks,
 * networks, volumes and names of images stay until somebody removes them. An exec stays for up to ten minutes after its end; one that is
 * never started, until its container ends.
 */
import type { Asking, FoundContainer } from "../../../asking.ts";
import { refusal } from "../../../refusal.ts";
import type { RuleVerdict } from "../../rule.ts";

/** Of dockerd's structures around a description, about. */
const STRUCTURE_BYTES = 8 * 1024;
/** Of a string in Go, without its text. */
const STRING_BYTES = 16;

/** Of a value in a description, such as an empty ulimit, besides its text: measured with 66,000 of them on Engine 26.1. */
const VALUE_BYTES = 128;
const COMMA = 44;

/** One less than there are in a list, and more if texts have commas. */
function valuesIn(body: Buffer): number {
  let commas = 0;
  for (let at = 0; at < body.length; at++) if (body[at] === COMMA) commas++;
  return commas;
}

const TOO_MUCH: RuleVerdict = refusal(
  "kept",
  "you have made more in a short time than Docker should keep in memory for one client; wait some minutes, or ask an admin to raise keptBytes",
);

/** @returns that the client has made too much in a short time; null: it may make this, which counts from now on */
export const keepProblem = (body: Buffer, { mayKeep }: Asking, besides = 0): RuleVerdict | null =>
  mayKeep(STRUCTURE_BYTES + body.length + VALUE_BYTES * valuesIn(body) + besides) ? null : TOO_MUCH;

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
const IF_LEFT_BYTES = 16 * 1024 * 1024;

/** A container has a copy of its image's configuration. @param image its name or ID, as the client has written it */
export async function containerProblem(
  body: Buffer,
  image: string,
  asking: Asking,
): Promise<RuleVerdict | null> {
  if (!isInPath(image) || !asking.chance(SAMPLE)) return keepProblem(body, asking);
  asking.ifLeft(SAMPLE * IF_LEFT_BYTES);
  const bytes = await asking.engine.imageBytes(image);
  asking.ifLeft(0);
  return keepProblem(body, asking, SAMPLE * bytes);
}
