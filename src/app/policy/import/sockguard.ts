/**
 * sockguard: rules over methods and globs of paths, the first that matches decides, and checks of bodies. A check that a role
 * cannot make closes what it was for.
 */
import { json, quoteForeign } from "../../../base/index.ts";
import { operations } from "../../../engine/index.ts";
import type { Note } from "../made/role-text.ts";
import { Automaton } from "./automaton.ts";
import { addGoRegexp } from "./go-regexp.ts";
import type { Permissions } from "./permissions.ts";
import { type Budget, extentOf, METHODS, newBudget, notePartly } from "./permits.ts";
import { readSection, type Section } from "./section.ts";
import { limitsOf } from "./sockguard-bodies.ts";

interface Rule {
  readonly match: { readonly method: string; readonly path: string };
  readonly action: "allow" | "deny";
}

export interface SockguardFile {
  readonly rules: readonly Rule[];
  readonly request_body: Section;
  readonly response: Section;
  readonly clients: Section;
  readonly ownership: Section;
  readonly mutations: unknown;
  readonly insecure_allow_body_blind_writes: unknown;
  readonly insecure_accept_opaque_buildkit_tunnels: unknown;
}

const section = { read: readSection, optional: { value: {} } };
const anything = { read: (value: unknown) => value ?? null, optional: { value: null } };

export const readSockguardFile = json.openObject<SockguardFile>({
  rules: {
    read: json.list(
      json.openObject<Rule>({
        match: {
          read: json.object<Rule["match"]>({
            method: {
              read: json.matching(/^(?:\*|[A-Za-z]{1,10}(?:, ?[A-Za-z]{1,10}){0,8})$/, "a method, or *"),
            },
            path: { read: json.words(1000) },
          }),
        },
        action: { read: json.oneOf("allow", "deny") },
      }),
      500,
    ),
  },
  ...{ request_body: section, response: section, clients: section, ownership: section },
  ...{ mutations: anything, insecure_allow_body_blind_writes: anything },
  insecure_accept_opaque_buildkit_tunnels: anything,
});

/**
 * `*` stays in a segment; `/**` stands for nothing or for a slash and anything; `**` for anything. Without `**`, segments are
 * compared, and `*` at the beginning is the first of them.
 */
function regexpOf(glob: string): string {
  const rooted = glob.startsWith("*") && !glob.includes("**") ? `/${glob}` : glob;
  return rooted.replace(/\/\*\*|\*\*|\*|[\\.+?()|[\]{}^$]/g, (found) => {
    if (found === "/**") return "(/.*)?";
    if (found === "**") return ".*";
    return found === "*" ? "[^/]*" : `\\${found}`;
  });
}

const covers = ({ match }: Rule, method: string): boolean =>
  match.method === "*" || match.method.toUpperCase().split(/, ?/).includes(method);

/** @throws PatternProblem */
function extentsFor(method: string, rules: readonly Rule[], budget: Budget): [all: string[], some: string[]] {
  const mine = rules.filter((rule) => covers(rule, method));
  const patterns = new Automaton();
  for (const { match } of mine) addGoRegexp(patterns, regexpOf(match.path));
  const all: string[] = [];
  const some: string[] = [];
  for (const operation of operations.filter((one) => one.method === method)) {
    const extent = extentOf(patterns, operation, "", (pattern) => mine[pattern]?.action === "allow", budget);
    if (extent !== "none") (extent === "all" ? all : some).push(operation.name);
  }
  return [all, some];
}

/** Settings outside of rules and bodies that say who may do what, and that a role does not have. */
function othersOf({ clients, response, ownership, mutations }: SockguardFile): Note[] {
  const notes: Note[] = [];
  const isSet = (value: unknown) =>
    value !== undefined && value !== null && value !== false && (!Array.isArray(value) || value.length > 0);
  const profiles = Array.isArray(clients["profiles"]) ? clients["profiles"].length : 0;
  if (profiles > 0)
    notes.push({
      about: "clients.profiles",
      text: `only the rules of the whole file are read; make a role of each of the ${profiles} profiles, from a file with its rules`,
    });
  if (isSet(clients["default_profile"]))
    notes.push({
      about: "clients.default_profile",
      text: "the rules of the file are nobody's then, so nothing is permitted: import a file that has the profile's rules",
    });
  for (const key of Object.keys(clients).slice(0, 50))
    if (key !== "profiles" && key !== "default_profile" && isSet(clients[key]))
      notes.push({
        about: `clients.${quoteForeign(key)}`,
        text: "who a client is, and from where it connects, is no part of a role: each has a certificate",
      });
  for (const key of Object.keys(response).slice(0, 50))
    if (isSet(response[key]) && !HIDING.includes(key))
      notes.push({
        about: `response.${quoteForeign(key)}`,
        text: "a role shows answers in its own way; left out",
      });
  if (isSet(ownership["owner"]))
    notes.push({
      about: "ownership.owner",
      text: "the role acts on what its client's own key has made, and on nothing else; what exists already belongs to nobody",
    });
  if (isSet(mutations)) notes.push({ about: "mutations", text: "a role changes no requests; left out" });
  return notes;
}

/** Lists of what is shown: everything else is answered as if it did not exist. */
const HIDING = ["visible_resource_labels", "name_patterns", "image_patterns"];

/** Of the engine itself, which these lists do not hide. */
const OF_ENGINE: ReadonlySet<string> = new Set([
  ...["SystemPing", "SystemPingHead", "SystemVersion", "SystemInfo"],
]);

/** A role shows all things of a kind or none. @returns what it must not read, and why */
function hiddenBy(response: Section, permitted: ReadonlySet<string>): [shut: string[], notes: Note[]] {
  const set = HIDING.filter((key) => Array.isArray(response[key]) && response[key].length > 0);
  const shut = operations
    .filter(({ name, method }) => permitted.has(name) && ["GET", "HEAD"].includes(method))
    .map(({ name }) => name)
    .filter((name) => !OF_ENGINE.has(name));
  if (set.length === 0 || shut.length === 0) return [[], []];
  const about = set.map((key) => `response.${key}`).join(", ");
  return [shut, [{ about, text: `a role cannot hide some things of a kind; ${shut.join(", ")} left out` }]];
}

/** @throws PatternProblem if a rule cannot be read: what is behind it could mean anything */
export function readSockguard(file: SockguardFile): Permissions {
  const permitted = new Set<string>();
  const partly: string[] = [];
  const budget = newBudget();
  for (const method of METHODS) {
    const [all, some] = extentsFor(method, file.rules, budget);
    for (const name of all) permitted.add(name);
    partly.push(...some);
  }
  const byDefault = file.clients["default_profile"];
  // whoever has no profile has this one: the rules of the file are nobody's
  if (typeof byDefault === "string" && byDefault.trim() !== "") permitted.clear();
  const {
    limits,
    shut,
    notes: ofBodies,
  } = limitsOf(file.request_body, permitted, {
    blindWrites: file.insecure_allow_body_blind_writes === true,
    tunnels: file.insecure_accept_opaque_buildkit_tunnels === true,
  });
  for (const name of shut) permitted.delete(name);
  const [hidden, notesOfHidden] = hiddenBy(file.response, permitted);
  for (const name of hidden) permitted.delete(name);
  const own = typeof file.ownership["owner"] === "string" && file.ownership["owner"] !== "";
  return {
    operations: permitted,
    whose: own ? "own" : "anybody's",
    limits,
    notes: [...notePartly("the rules permit", partly), ...ofBodies, ...notesOfHidden, ...othersOf(file)],
  };
}
