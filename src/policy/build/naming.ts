/**
 * The names of the image that a build makes. The engine gets none of them: a client decides how long its build runs, and somebody
 * else may take a name meanwhile. They are checked when the build begins, so that nobody waits in vain, and again when it has
 * ended; then the gateway gives them to the image, by its ID (ADR 0028).
 */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { EngineLookup } from "../asking.ts";
import { fullName, isDigest, splitTag } from "../body/image-name.ts";
import { CallProblem } from "../refusal.ts";
import { BUILDER_LABEL } from "./attributes.ts";
import { refuse } from "./refusal.ts";
import { type Entries, type Message, map, text, write } from "./wire.ts";

const LATEST = "latest";

/** @param name as it was judged: `[HOST[:PORT]/]NAME[:TAG]` */
export function repositoryAndTag(name: string): [repository: string, tag: string] {
  const [repository, tag = LATEST] = splitTag(name);
  return [repository, tag];
}

/** With its tag, a name cannot be read as the beginning of an ID. */
const whole = (name: string): string => repositoryAndTag(name).join(":");

/** @returns the first that is neither new nor the name of an image that the same client built */
async function takenOf(
  names: readonly string[],
  owner: string,
  engine: EngineLookup,
): Promise<string | undefined> {
  for (const name of names) {
    const labels = await engine.inspectImage(whole(name));
    if (labels !== null && labels[BUILDER_LABEL] !== owner) return name;
  }
  return undefined;
}

/** @returns the name as engines write it in their answers: `web:1` is `docker.io/library/web:1` */
export const inFull = (name: string): string => fullName(name).join("/");

const PLACE = "the image's name";

/**
 * Before a build: a name may be new, or belong to an image that the client built. Otherwise a client could put an image of their
 * own in the place of one that somebody else runs.
 * @throws CallProblem
 */
export async function checkNames(
  names: readonly string[],
  owner: string,
  engine: EngineLookup,
): Promise<void> {
  const taken = await takenOf(names, owner, engine);
  if (taken !== undefined)
    refuse(
      "imageName",
      PLACE,
      taken,
      "there is an image of this name that you did not build; use another name",
    );
}

/** Of `moby.buildkit.v1.SolveResponse`. */
const RESPONSE_FIELD = 1;
const RESPONSE = { [RESPONSE_FIELD]: map("ExporterResponse", text) };
const IMAGE_ID = "containerimage.digest";
const IMAGE_NAMES = "image.name";

/** Fields that the gateway does not know are the client's to read, not the gateway's. The last of a key counts, as in Go. */
function readEntry(reader: BinaryReader): [string, string] {
  const entry = new BinaryReader(reader.bytes());
  const parts = ["", "", ""];
  while (entry.pos < entry.len) {
    const [field, wire] = entry.tag();
    if (wire === WireType.LengthDelimited && field < parts.length) parts[field] = entry.string();
    else entry.skip(wire);
  }
  return [parts[1] ?? "", parts[2] ?? ""];
}

/** @returns the image's ID, or null if the answer has none */
export function imageIdOf(response: Uint8Array): string | null {
  const found = new Map<string, string>();
  const reader = new BinaryReader(response);
  try {
    while (reader.pos < reader.len) {
      const [field, wire] = reader.tag();
      if (field === RESPONSE_FIELD && wire === WireType.LengthDelimited) found.set(...readEntry(reader));
      else reader.skip(wire);
    }
  } catch {
    return null;
  }
  const id = found.get(IMAGE_ID) ?? "";
  return isDigest(id) ? id : null;
}

const unnamed = (id: string, name: string, why: string): CallProblem =>
  new CallProblem(
    "imageName",
    `${PLACE} is ${JSON.stringify(name)}: ${why}. The image was built and has no name; its ID is ${id}`,
  );

/**
 * After a build: gives the names to the image.
 * @param response of Solve
 * @returns the response with the names, as an engine that gave them itself would answer
 * @throws CallProblem
 */
export async function giveNames(
  response: Uint8Array,
  names: readonly string[],
  owner: string,
  engine: EngineLookup,
): Promise<Uint8Array> {
  const id = imageIdOf(response);
  if (id === null)
    throw new CallProblem("imageName", "the engine did not say which image it built, so it has no name");
  const taken = await takenOf(names, owner, engine);
  if (taken !== undefined)
    throw unnamed(id, taken, "somebody else took it during the build; build again with another name");
  for (const name of names)
    if (!(await engine.tagImage(id, ...repositoryAndTag(name))))
      throw unnamed(id, name, "the engine could not give it; build again");
  const entries: Entries = new Map([[IMAGE_NAMES, names.map(inFull).join()]]);
  const named: Message = { ExporterResponse: entries };
  // protobuf's readers merge what follows into what was before
  return Buffer.concat([response, write(named, RESPONSE)]);
}
