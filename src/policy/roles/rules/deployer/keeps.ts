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

const TOO_MUCH: RuleVerdict = refusal(
  "kept",
  "in the last minutes, you have made more than Docker should keep in memory for one client; try again in a minute",
);

/** @returns that the client has made too much in a short time; null: it may make this, which counts from now on */
export const keepProblem = (body: Buffer, { mayKeep }: Asking, besides = 0): RuleVerdict | null =>
  mayKeep(STRUCTURE_BYTES + body.length + besides) ? null : TOO_MUCH;

/** An exec has a list of its container's variables, and shares their text. */
export const execProblem = (body: Buffer, { variables = 0 }: FoundContainer, asking: Asking) =>
  keepProblem(body, asking, STRING_BYTES * variables);

/** Whether it can stand in a path: dockerd removes empty segments and dots from paths, and no image's name has them. */
const isInPath = (text: string): boolean =>
  text.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..");

/**
 * With containerd's store, an engine takes 20 ms to describe an image. So one create in so many asks, and counts for the others: who
 * makes many cannot know which.
 */
const SAMPLE = 8;

/** A container has a copy of its image's configuration. @param image its name or ID, as the client has written it */
export async function containerProblem(
  body: Buffer,
  image: string,
  asking: Asking,
): Promise<RuleVerdict | null> {
  const isAsked = isInPath(image) && asking.chance(SAMPLE);
  const found = isAsked ? await asking.engine.findImage(image) : null;
  return keepProblem(body, asking, SAMPLE * (found?.configBytes ?? 0));
}
