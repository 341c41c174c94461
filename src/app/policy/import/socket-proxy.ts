/** wollomatic/socket-proxy: a regular expression over the whole path for each method, as options or as variables. */
import { quoteForeign } from "../../../base/index.ts";
import { operations } from "../../../engine/index.ts";
import type { Note } from "../made/role-text.ts";
import { Automaton, PatternProblem } from "./automaton.ts";
import { addGoRegexp } from "./go-regexp.ts";
import type { Permissions } from "./permissions.ts";
import { extentOf, METHODS, newBudget, notePartly } from "./permits.ts";

/** Clients name a version in each path. Which versions a pattern means is no part of a role. */
const PREFIXES = ["", "/v1.24", "/v1.41", "/v1.44", "/v1.51"];

/** Settings of the proxy itself, in lower case. */
const SETTINGS: ReadonlySet<string> = new Set([
  ...["listenip", "proxyport", "socketpath", "loglevel", "logjson", "allowhealthcheck", "watchdoginterval"],
  ...["stoponwatchdog", "shutdowngracetime", "proxysocketendpoint", "proxysocketendpointfilemode"],
]);

const OTHERS: ReadonlyMap<string, string> = new Map([
  ["allowfrom", "who may connect is no part of a role: each client has a certificate"],
  [
    "allowbindmountfrom",
    "it permits everything below a path, which a link leads out of; list exact folders in the role's binds",
  ],
  ["proxycontainername", "lists in labels of containers are not read; import each as a role of its own"],
]);

/** Names are the options': variables are read as the options that they stand for. */
export interface SocketProxySetting {
  readonly name: string;
  readonly value: string;
}

/** @returns the settings in the words: `-allowGET=…`, `--allowGET …` */
export function optionsOf(words: readonly string[]): SocketProxySetting[] {
  const found: SocketProxySetting[] = [];
  for (let index = 0; index < words.length; index++) {
    const [, name, value] = /^--?([A-Za-z]{1,40})(?:=(.*))?$/s.exec(words[index] ?? "") ?? [];
    if (name === undefined) continue;
    const takesNext = value === undefined && name.startsWith("allow") && !words[index + 1]?.startsWith("-");
    found.push({ name, value: value ?? (takesNext ? (words[++index] ?? "") : "true") });
  }
  return found;
}

/** @returns the settings in the variables; an option for a method wins over its variables */
export function variablesOf(variables: ReadonlyMap<string, string>): SocketProxySetting[] {
  return [...variables].flatMap(([variable, value]): SocketProxySetting[] => {
    const [, method] = /^SP_ALLOW_([A-Z]{1,10})(?:_\w{1,20})?$/.exec(variable) ?? [];
    if (method !== undefined) return [{ name: `allow${method}`, value }];
    const [, name] = /^SP_([A-Z]{1,40})$/.exec(variable) ?? [];
    return name === undefined ? [] : [{ name: name.toLowerCase(), value }];
  });
}

function patternsFor(method: string, texts: readonly string[], notes: Note[]): Automaton {
  const patterns = new Automaton();
  for (const text of texts)
    try {
      addGoRegexp(patterns, text);
    } catch (error) {
      if (!(error instanceof PatternProblem)) throw error;
      notes.push({
        about: `allow${method}=${quoteForeign(text)}`,
        text: `${error.message}, so it is left out`,
      });
    }
  return patterns;
}

export function readSocketProxy(
  options: readonly SocketProxySetting[],
  variables: readonly SocketProxySetting[],
): Permissions {
  const notes: Note[] = [];
  const permitted = new Set<string>();
  const partly: string[] = [];
  const budget = newBudget();
  const settings = [...options, ...variables.filter(({ name }) => !options.some((one) => one.name === name))];
  for (const method of METHODS) {
    const texts = settings.filter(({ name }) => name === `allow${method}`).map(({ value }) => value);
    if (texts.length === 0) continue;
    const patterns = patternsFor(
      method,
      texts.filter((text) => text !== ""),
      notes,
    );
    for (const operation of operations.filter((one) => one.method === method)) {
      const extents = PREFIXES.map((prefix) =>
        extentOf(patterns, operation, prefix, (pattern) => pattern >= 0, budget),
      );
      if (extents.includes("all")) permitted.add(operation.name);
      else if (extents.includes("some")) partly.push(operation.name);
    }
  }
  notes.push(...notePartly("the pattern permits", partly));
  for (const { name } of settings) {
    if (METHODS.some((method) => name === `allow${method}`) || SETTINGS.has(name.toLowerCase())) continue;
    const text = OTHERS.get(name.toLowerCase()) ?? "not a setting that is known here; left out";
    notes.push({ about: quoteForeign(name), text });
  }
  return { operations: permitted, whose: "anybody's", limits: {}, notes };
}
