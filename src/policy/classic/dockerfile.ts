/**
 * Reads a Dockerfile into instructions, each in one line. The engine gets them written anew in this form, without comments,
 * continued lines and directives, so that every version of its parser reads what was judged.
 */
import { CallProblem } from "../refusal.ts";

export interface Instruction {
  /** In upper case. */
  readonly word: string;
  readonly rest: string;
  /** Where it begins, from 1. */
  readonly line: number;
}

const MOST_BYTES = 64 * 1024;
const MOST_INSTRUCTIONS = 1000;

const WORDS: ReadonlySet<string> = new Set([
  ...["FROM", "ARG", "RUN", "CMD", "LABEL", "MAINTAINER", "EXPOSE", "ENV", "ADD", "COPY", "ENTRYPOINT"],
  ...["VOLUME", "USER", "WORKDIR", "ONBUILD", "STOPSIGNAL", "HEALTHCHECK", "SHELL"],
]);

/** @throws CallProblem */
export function refuseLine(line: number, why: string): never {
  throw new CallProblem("dockerfile", `line ${line} of the Dockerfile: ${why}`);
}

function textOf(bytes: Buffer): string {
  if (bytes.length > MOST_BYTES) throw new CallProblem("dockerfile", "the Dockerfile has more than 64 KiB");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CallProblem("dockerfile", "the Dockerfile is not UTF-8");
  }
}

const isSkipped = (text: string): boolean => /^[ \t]*(?:#|$)/.test(text);
const ESCAPE = /^[ \t]*#[ \t]*escape[ \t]*=[ \t]*([^ \t]*)/i;

function instructionOf(text: string, line: number): Instruction {
  const [begin = "", first = ""] = /^[ \t]*([A-Za-z]+)(?:[ \t]+|$)/.exec(text) ?? [];
  const word = first.toUpperCase();
  const rest = text.slice(begin.length).trimEnd();
  if (!WORDS.has(word)) refuseLine(line, "it is not an instruction that tetherdock knows");
  // a newer engine would read on, up to the line that ends the here-document
  if (text.includes("<<") && ["RUN", "COPY", "ADD", "ONBUILD"].includes(word))
    refuseLine(line, "here-documents (<<) need buildx");
  // as it is written: spaces that are not ASCII do not protect it, and the engine would read on in the next line
  if (rest.endsWith("\\")) refuseLine(line, "it ends in a backslash");
  return { word, rest, line };
}

/** @throws CallProblem */
export function readDockerfile(bytes: Buffer): Instruction[] {
  const lines = textOf(bytes).split("\n");
  const found: Instruction[] = [];
  let joined = "";
  let begun = 0;
  for (const [index, whole] of lines.entries()) {
    const text = whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text)) refuseLine(index + 1, "it has a control character");
    const sign = ESCAPE.exec(text)?.[1];
    if (found.length === 0 && begun === 0 && sign !== undefined && sign !== "\\")
      refuseLine(index + 1, "another escape character is not allowed");
    if (isSkipped(text)) continue;
    if (begun === 0) begun = index + 1;
    if (/\\\\[ \t]*$/.test(text)) refuseLine(index + 1, "it ends in two backslashes");
    const continues = /\\[ \t]*$/.test(text);
    joined += continues ? text.replace(/\\[ \t]*$/, "") : text;
    if (continues) continue;
    found.push(instructionOf(joined, begun));
    if (found.length > MOST_INSTRUCTIONS) refuseLine(begun, "there are too many instructions");
    joined = "";
    begun = 0;
  }
  if (begun !== 0 && joined.trim() !== "") found.push(instructionOf(joined, begun));
  return found;
}

export const writeDockerfile = (instructions: Iterable<Pick<Instruction, "word" | "rest">>): Buffer =>
  Buffer.from([...instructions].map(({ word, rest }) => `${word} ${rest}\n`).join(""));
