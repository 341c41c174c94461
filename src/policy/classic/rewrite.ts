/**
 * What the engine is given to build instead of the client's Dockerfile. Two things of the classic builder have no switch:
 * - ADD of a URL is fetched by the engine, from the host's own network. It is refused, also where a base image's ONBUILD has it.
 * - A step's result is reused for everybody who has the same step on the same image, but depends on more than that: proxies,
 *   addresses of hosts, limits. So each stage begins with a label of the client's own, which no other client's steps follow.
 */
import type { EngineLookup, FoundImage } from "../asking.ts";
import { OWNER_LABEL } from "../body/model/config.ts";
import { isReservedLabel } from "../body/model/rules.ts";
import { imageLabels } from "../build/attributes.ts";
import { type Instruction, refuseLine } from "./dockerfile.ts";

type Line = Pick<Instruction, "word" | "rest">;

const MOST_IMAGES = 16;
const FROM = /^(\S+)(?:[ \t]+as[ \t]+([a-z][a-z0-9._-]*))?$/i;
const IMAGE = /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,255}$/;
const GLOBAL = /^([A-Za-z_][A-Za-z0-9_]*)(?:=([A-Za-z0-9._/:@-]*))?$/;
const VARIABLE = /\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})/g;
/** A word of ADD that every engine takes for a path, or for an option. */
const PLAIN = /^(?:--[a-z]+=[A-Za-z0-9_.,:-]+|[A-Za-z0-9_./*?@+,=~-]+)$/;

/** As the last value, in place of one in the Dockerfile. */
const NO_OWNER = `${OWNER_LABEL}=`;

export interface Asked {
  /** The build's arguments. */
  readonly given: ReadonlyMap<string, string>;
  /** Empty: the engine's own. */
  readonly platform: string;
}

export interface Rewritten {
  readonly lines: readonly Line[];
  /** A stage begins with nothing. */
  readonly hasScratch: boolean;
}

function checkAdd({ rest, line }: Instruction): void {
  if (!rest.split(/[ \t]+/).every((word) => PLAIN.test(word)))
    refuseLine(
      line,
      "ADD takes only plain paths here: the engine would fetch a URL from inside its network; use COPY, or RUN with curl",
    );
}

/**
 * In the same instruction, or the step would leave an image with the client's owner: of several values of one name the last counts. In the
 * old form, NAME VALUE, there is only one.
 * @returns the rest of a LABEL
 */
function restOfLabel({ rest, line }: Pick<Instruction, "rest" | "line">): string {
  const [name = ""] = rest.split(/[ \t]/, 1);
  if (/[^\S \t]/.test(rest)) refuseLine(line, "LABEL has a space that is not ASCII");
  if (name.includes("=")) return `${rest} ${NO_OWNER}`;
  if (!/^[\w.-]+$/.test(name) || isReservedLabel(name)) refuseLine(line, "write it as LABEL NAME=VALUE");
  return rest;
}

/** An ONBUILD can also run in this build, in a later stage. @returns its rest */
function triggerOf({ rest, line }: Instruction): string {
  const [begin = "", word = ""] = /^([A-Za-z]+)(?:[ \t]+|$)/.exec(rest) ?? [];
  const after = rest.slice(begin.length);
  if (word === "" || /[^\x20-\x7e\t]/.test(begin)) refuseLine(line, "ONBUILD names no instruction");
  if (word.toUpperCase() === "ADD") checkAdd({ word: "ADD", rest: after, line });
  return word.toUpperCase() === "LABEL" ? `LABEL ${restOfLabel({ rest: after, line })}` : rest;
}

/** @returns what the engine gets of an instruction that begins no stage */
function lineOf(instruction: Instruction): Line {
  const { word } = instruction;
  if (word === "ADD") checkAdd(instruction);
  if (word === "ONBUILD") return { word, rest: triggerOf(instruction) };
  return word === "LABEL" ? { word, rest: restOfLabel(instruction) } : instruction;
}

class Stages {
  readonly #platform: string;
  readonly #engine: EngineLookup;
  readonly #given: ReadonlyMap<string, string>;
  readonly #values = new Map<string, string>();
  readonly #stages = new Set<string>();
  readonly #images = new Map<string, FoundImage | null>();

  constructor({ given, platform }: Asked, engine: EngineLookup) {
    this.#given = given;
    this.#platform = platform;
    this.#engine = engine;
  }

  /** An ARG before the first FROM. */
  addArgument(rest: string): void {
    const [, name = "", value] = GLOBAL.exec(rest) ?? [];
    const known = this.#given.get(name) ?? value;
    if (name !== "" && known !== undefined) this.#values.set(name, known);
  }

  /** @returns what the engine begins the stage with: an ID, an earlier stage, or nothing */
  async begin({ rest, line }: Instruction): Promise<{ readonly from: string; readonly as: string }> {
    const [, text, stage = ""] = FROM.exec(rest) ?? [];
    if (text === undefined) refuseLine(line, "only FROM IMAGE and FROM IMAGE AS NAME are allowed");
    const image = this.#expanded(text, line);
    const from = image === "scratch" || this.#stages.has(image) ? image : await this.#idOf(image, line);
    const as = stage.toLowerCase();
    if (as === "scratch") refuseLine(line, "a stage may not be called scratch");
    if (as !== "") this.#stages.add(as);
    return { from, as };
  }

  #expanded(text: string, line: number): string {
    const image = text.replace(
      VARIABLE,
      (whole, plain, braced) => this.#values.get(plain ?? braced) ?? whole,
    );
    if (!IMAGE.test(image))
      refuseLine(line, "the image's name cannot be read; use a name, or an ARG before the first FROM");
    return image;
  }

  /** A name could get another image until the engine reads it. */
  async #idOf(image: string, line: number): Promise<string> {
    const known = this.#images.get(image);
    if (known === undefined && this.#images.size === MOST_IMAGES)
      refuseLine(line, "there are too many images");
    const found = known === undefined ? await this.#engine.findImage(image) : known;
    this.#images.set(image, found);
    if (found === null)
      refuseLine(line, `the engine has no image ${image}; run "docker pull ${image}" before the build`);
    // for another platform, the same image can have other instructions
    if (this.#platform !== "" && this.#platform !== found.platform)
      refuseLine(
        line,
        `the engine shows ${image} for ${found.platform || "no platform"}, and only that is judged; leave out --platform`,
      );
    if (found.hasTriggers)
      refuseLine(line, `${image} has ONBUILD instructions, which are not judged; build with buildx`);
    return found.id;
  }
}

/** @throws CallProblem */
export async function rewrite(
  instructions: readonly Instruction[],
  asked: Asked,
  owner: string,
  engine: EngineLookup,
): Promise<Rewritten> {
  const stages = new Stages(asked, engine);
  const begun = imageLabels(owner)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  const lines: Line[] = [];
  let hasScratch = false;
  let hasBegun = false;
  for (const instruction of instructions) {
    if (instruction.word === "ARG" && !hasBegun) stages.addArgument(instruction.rest);
    if (instruction.word !== "FROM") {
      lines.push(lineOf(instruction));
      continue;
    }
    const { from, as } = await stages.begin(instruction);
    hasBegun = true;
    hasScratch ||= from === "scratch";
    lines.push({ word: "FROM", rest: as === "" ? from : `${from} AS ${as}` });
    lines.push({ word: "LABEL", rest: begun });
  }
  return { lines, hasScratch };
}
