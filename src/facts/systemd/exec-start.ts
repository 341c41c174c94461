/**
 * Reads a service's command as systemd starts it: with files merged, and specifiers and variables expanded.
 * @see systemd.service(5), "Command lines"; systemd.unit(5), "Specifiers"
 */
import type { FileFact } from "../host-facts.ts";
import { parseEnvironmentFile, splitCommand, splitEnvironment, type Word } from "./command-line.ts";
import { mergedList, type UnitText } from "./unit-file.ts";

/** One word as written, and the words to which systemd expands it. */
export interface Expansion {
  readonly written: Word;
  /** Written into an ExecStart=, `raw` gives the same word again. */
  readonly words: readonly Word[];
  /** Names of the variables in it. */
  readonly variables: readonly string[];
  /** Whether it is only `$NAME`: it then becomes as many words as the value has. */
  readonly isSplit: boolean;
}

/** The one command of a service. */
export interface ExecStart {
  /** `raw` includes the prefixes, `value` does not. */
  readonly program: Word;
  readonly arguments: readonly Expansion[];
  /** The program's argv, its own name first. */
  readonly argv: readonly string[];
  /** The file that sets it. */
  readonly path: string;
}

/** The command, or `count`: the number of ExecStart= lines; 1 if the only one expands to more than Linux can start. */
export type ExecStartRead =
  | { readonly ok: true; readonly command: ExecStart; readonly environment: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly count: number };

/** The files that define a service's command. */
export interface ServiceFiles {
  readonly units: readonly UnitText[];
  readonly environmentFiles: readonly Pick<FileFact, "text">[];
}

const PREFIX = /^[@:+!|-]+/;
/** systemd's own rule: `$` before anything but `{` and `$` makes the whole word a name. */
const SPLIT_VARIABLE = /^\$(?![{$])(.*)$/s;
const IN_WORD = /\$\$|\$\{([^}]*)\}/g;
/** Specifiers with the same value on every host, for docker.service of the system manager; others stay as written. */
const SPECIFIERS: Readonly<Record<string, string>> = {
  "%%": "%",
  ...{ "%n": "docker.service", "%N": "docker", "%p": "docker", "%P": "docker", "%i": "", "%I": "" },
  ...{ "%t": "/run", "%S": "/var/lib", "%C": "/var/cache", "%L": "/var/log", "%E": "/etc" },
  ...{ "%h": "/root", "%u": "root", "%U": "0", "%g": "root", "%G": "0" },
};
/** Linux's limits: MAX_ARG_STRLEN for one word, and a quarter of the usual stack for all. */
const MAX_WORD = 128 * 1024;
const MAX_LINE = 2 * 1024 * 1024;
const MAX_WORDS = 4096;

/** A variable's value, and the words it is split into when it is the whole word. */
interface Variable {
  readonly value: string;
  readonly words: readonly Word[];
}

function withSpecifiers(text: string): string {
  return text.replace(/%./g, (found) => SPECIFIERS[found] ?? found);
}

/** @param protect escapes a word so that it passes through ExecStart= unchanged */
function variable(value: string, protect: (raw: string) => string, read = (text: string) => text): Variable {
  const words = splitCommand(value).map((word) => ({ raw: protect(word.raw), value: read(word.value) }));
  return { value: read(value), words };
}

const escapeDollars = (raw: string): string => raw.replaceAll("$", "$$$$");

/** EnvironmentFile= overrides Environment=, and specifiers are expanded only in Environment= (systemd.exec(5)). */
function environmentOf({ units, environmentFiles }: ServiceFiles): Map<string, Variable> {
  const own = mergedList(units, "Service", "Environment")
    .flatMap(({ value }) => [...splitEnvironment(value)])
    .map(([name, value]) => [name, variable(value, escapeDollars, withSpecifiers)] as const);
  const files = environmentFiles
    .flatMap(({ text }) => [...parseEnvironmentFile(text)])
    .map(([name, value]) => {
      const protect = (raw: string) => escapeDollars(raw).replaceAll("%", "%%");
      return [name, variable(value, protect)] as const;
    });
  return new Map([...own, ...files]);
}

/** @returns null for a word that is too long for Linux; stops as soon as that is known */
function filled(text: string, environment: ReadonlyMap<string, Variable>): string | null {
  let [out, at] = ["", 0];
  for (const found of text.matchAll(IN_WORD)) {
    const value = found[1] === undefined ? "$" : (environment.get(found[1])?.value ?? "");
    out += text.slice(at, found.index) + value;
    at = found.index + found[0].length;
    if (out.length > MAX_WORD) return null;
  }
  out += text.slice(at);
  return out.length > MAX_WORD ? null : out;
}

function expandWord(written: Word, environment: ReadonlyMap<string, Variable>): Expansion | null {
  const text = withSpecifiers(written.value);
  const name = SPLIT_VARIABLE.exec(text)?.[1];
  if (name !== undefined) {
    // Copies, because one variable may occur many times in a line, and each word is a separate object.
    const words = (environment.get(name)?.words ?? []).slice(0, MAX_WORDS + 1).map((word) => ({ ...word }));
    return { written, words, variables: [name], isSplit: true };
  }
  const value = filled(text, environment);
  if (value === null) return null;
  const variables = [...text.matchAll(IN_WORD)].flatMap(([, inside]) => inside ?? []);
  return { written, words: [{ raw: written.raw, value }], variables, isSplit: false };
}

/** @returns null if the command line is too long for Linux */
function expandAll(
  words: readonly Word[],
  environment: ReadonlyMap<string, Variable> | null,
): Expansion[] | null {
  const all: Expansion[] = [];
  let [count, length] = [0, 0];
  for (const written of words) {
    const plain = { raw: written.raw, value: withSpecifiers(written.value) };
    const expansion = environment
      ? expandWord(written, environment)
      : { written, words: [plain], variables: [], isSplit: false };
    if (!expansion) return null;
    count += expansion.words.length;
    length += expansion.words.reduce((sum, { value }) => sum + value.length, 0);
    if (count > MAX_WORDS || length > MAX_LINE) return null;
    all.push(expansion);
  }
  return all;
}

/** Reads the one ExecStart= of a service. */
export function readExecStart(files: ServiceFiles): ExecStartRead {
  const commands = mergedList(files.units, "Service", "ExecStart");
  const [command] = commands;
  const [first, ...words] = splitCommand(command?.value ?? "");
  if (!command || !first || commands.length > 1) return { ok: false, count: commands.length };
  const prefix = PREFIX.exec(first.value)?.[0] ?? "";
  const environment = environmentOf(files);
  const expanded = expandAll(words, prefix.includes(":") ? null : environment);
  if (!expanded) return { ok: false, count: 1 };
  const program = { raw: first.raw, value: first.value.slice(prefix.length) };
  const values = expanded.flatMap((one) => one.words.map(({ value }) => value));
  // With the prefix `@`, the first argument is argv[0].
  const argv = prefix.includes("@") ? values : [program.value, ...values];
  return {
    ok: true,
    command: { program, arguments: expanded, argv, path: command.path },
    environment: new Map([...environment].map(([name, { value }]) => [name, value])),
  };
}
