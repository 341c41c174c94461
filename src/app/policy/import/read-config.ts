/** Finds out which proxy a text configures, and reads it: `.env`, compose, options, or sockguard's YAML. */
import { quoteForeign, TetherdockError } from "../../../base/index.ts";
import { MAX_LENGTH, type Problem, readYaml } from "../read-yaml.ts";
import { PatternProblem } from "./automaton.ts";
import { isProxyVariable, readDockerSocketProxy } from "./docker-socket-proxy.ts";
import { KINDS, type Kind, type Permissions } from "./permissions.ts";
import { isSection, readSection, type Section } from "./section.ts";
import { optionsOf, readSocketProxy, type SocketProxySetting, variablesOf } from "./socket-proxy.ts";
import { readSockguard, readSockguardFile } from "./sockguard.ts";

/** What a text or a service of a compose file says. */
interface Settings {
  readonly image: string;
  readonly variables: ReadonlyMap<string, string>;
  readonly options: readonly SocketProxySetting[];
}

export interface ReadConfig {
  readonly kind: Kind;
  readonly permissions: Permissions;
}

/** The most problems that an error lists. */
const SHOWN = 20;

function unreadable(why: readonly string[]): TetherdockError {
  return new TetherdockError(
    "PROXY_CONFIG_UNREADABLE",
    "this is no proxy configuration that can be imported",
    {
      why,
      hints: KINDS.map((kind) => `tetherdock policy import --from ${kind} FILE`),
    },
  );
}

const unreadableYaml = (problems: readonly Problem[]): TetherdockError =>
  unreadable([
    ...problems.slice(0, SHOWN).map(({ line, column, text }) => `line ${line}, column ${column}: ${text}`),
    ...(problems.length > SHOWN ? [`and ${problems.length - SHOWN} more problems`] : []),
  ]);

const unquoted = (text: string): string => /^(["'])(.*)\1$/s.exec(text.trim())?.[2] ?? text.trim();

/** `NAME=VALUE` lines, as in a `.env` file. */
function variablesIn(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [, name, value = ""] =
        /^\s*(?:export\s+)?(?:-e\s+)?([A-Z][A-Z0-9_]{0,63})=(.*)$/.exec(line) ?? [];
      return name === undefined
        ? []
        : [[name, unquoted(/^(?:"[^"]*"|'[^']*'|[^#]*?(?=\s#|$))/.exec(value)?.[0] ?? value)]];
    }),
  );
}

/** Words as a shell reads them, without its expansions. */
function wordsIn(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"),
  );
}

const asText = (value: unknown): string =>
  typeof value === "string" ? value : value === null ? "" : String(value);

function settingsOf(service: Section): Settings {
  const { environment, command, image } = service;
  const variables = isSection(environment)
    ? new Map(Object.entries(environment).map(([name, value]) => [name, asText(value)]))
    : variablesIn(Array.isArray(environment) ? environment.map(asText) : []);
  const words = Array.isArray(command) ? command.map(asText) : wordsIn(asText(command ?? ""));
  return { image: asText(image ?? ""), variables, options: optionsOf(words) };
}

const isSocketProxy = ({ options, variables }: Settings): boolean =>
  options.some(({ name }) => /^allow[A-Z]+$/.test(name)) ||
  [...variables.keys()].some((name) => name.startsWith("SP_"));

function kindOf(settings: Settings): Kind | undefined {
  if (isSocketProxy(settings)) return "socket-proxy";
  return [...settings.variables.keys()].some(isProxyVariable) ? "docker-socket-proxy" : undefined;
}

function read(kind: Kind, { image, variables, options }: Settings): ReadConfig {
  const permissions =
    kind === "socket-proxy"
      ? readSocketProxy(options, variablesOf(variables))
      : readDockerSocketProxy(variables, image);
  return { kind, permissions };
}

/** @param from null: any kind */
function oneOf(candidates: readonly (readonly [string, Settings])[], from: Kind | null): ReadConfig {
  const found = candidates.flatMap(([name, settings]) => {
    const kind = kindOf(settings);
    return kind !== undefined && (from === null || kind === from) ? [{ name, kind, settings }] : [];
  });
  const [first, second] = found;
  if (first !== undefined && second === undefined) return read(first.kind, first.settings);
  throw unreadable(
    second === undefined
      ? ["none of its services has the variables or options of a known proxy"]
      : [
          `it has several: ${found.map(({ name }) => quoteForeign(name)).join(", ")}`,
          "import a file with one of them",
        ],
  );
}

function sockguard(text: string): ReadConfig {
  const config = readYaml(text, readSockguardFile);
  if ("problems" in config) throw unreadableYaml(config.problems);
  try {
    return { kind: "sockguard", permissions: readSockguard(config.value) };
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    throw unreadable([`the path of a rule cannot be read: ${error.message}`]);
  }
}

/**
 * @param from which proxy it is; null: the text says it
 * @throws PROXY_CONFIG_UNREADABLE
 */
export function readConfig(text: string, from: Kind | null): ReadConfig {
  if (text.length > MAX_LENGTH) throw unreadable([`it is longer than ${MAX_LENGTH} characters`]);
  if (from === "sockguard") return sockguard(text);
  const yaml = readYaml(text, readSection);
  if ("value" in yaml) {
    const { services } = yaml.value;
    if (isSection(services))
      return oneOf(
        Object.entries(services).flatMap(([name, one]) =>
          isSection(one) ? [[name, settingsOf(one)] as const] : [],
        ),
        from,
      );
    if (from === null && Array.isArray(yaml.value["rules"])) return sockguard(text);
    if (
      isSection(yaml.value["environment"]) ||
      Array.isArray(yaml.value["environment"]) ||
      yaml.value["command"]
    )
      return oneOf([["it", settingsOf(yaml.value)]], from);
  }
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*#/.test(line));
  const settings = {
    image: text,
    variables: variablesIn(lines),
    options: optionsOf(wordsIn(lines.join("\n"))),
  };
  const kind = from ?? kindOf(settings);
  if (kind !== undefined && kindOf(settings) === kind) return read(kind, settings);
  const isYaml = /^\s*services:/m.test(text) || /^\s*rules:/m.test(text);
  if (isYaml && "problems" in yaml) throw unreadableYaml(yaml.problems);
  throw unreadable([
    "it has no variables such as CONTAINERS=1, no options such as -allowGET=…, and no rules of sockguard",
  ]);
}
