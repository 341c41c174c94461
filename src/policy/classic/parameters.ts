/**
 * The query of `POST /build`: each parameter that is listed, once, except those that the engine reads as lists.
 * @see moby, daemon/server/router/build/build_routes.go
 */
import { readJson } from "../body/json/read-json.ts";
import { isObject, type JsonValue } from "../body/json/value.ts";
import { writeJson } from "../body/json/write-json.ts";
import { isCpuset, resources, TOO_MANY_CPUS } from "../body/model/resources.ts";
import { checkLabel, imageLabels } from "../build/attributes.ts";
import { refuse } from "../build/refusal.ts";
import { AMBIGUOUS_QUERY, readParameters, writeParameters } from "../query.ts";
import { CallProblem } from "../refusal.ts";

export type Parameters = ReadonlyMap<string, readonly string[]>;

/** Names the image, or an address in the steps' /etc/hosts. */
const LISTS: ReadonlySet<string> = new Set(["t", "extrahosts"]);

/** Limits of the build steps, and what happens to their containers and images. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...["q", "nocache", "rm", "forcerm", "target", "platform", "dockerfile", "buildargs", "labels"],
  ...["memory", "memswap", "cpushares", "cpuperiod", "cpuquota", "shmsize"],
  ...LISTS,
]);

const isOff = (value: string): boolean => ["", "0", "false"].includes(value);
const isNone = (value: string): boolean => ["", "null", "[]", "{}"].includes(value);

/** Each with the values that are allowed, its check, and what to do. */
const LIMITED: Readonly<
  Record<string, readonly [allows: (value: string) => boolean, check: string, why: string]>
> = {
  networkmode: [
    (value) => ["", "default", "none", "bridge"].includes(value),
    "hostNamespaces",
    "builds use their own network; leave out --network",
  ],
  cpusetcpus: [isCpuset, "cpuset", TOO_MANY_CPUS],
  cpusetmems: [isCpuset, "cpuset", TOO_MANY_CPUS],
  cgroupparent: [isNone, "cgroupParent", "builds stay in the engine's cgroup; leave out --cgroup-parent"],
  remote: [isNone, "source", "the engine would fetch it from inside its network; build from a local folder"],
  securityopt: [isNone, "seccomp", "it weakens what confines the build's steps; leave out --security-opt"],
  cachefrom: [
    isNone,
    "cache",
    "cache of an image could change other clients' builds; leave out --cache-from",
  ],
  squash: [isOff, "query", "it is experimental; leave out --squash"],
  pull: [
    isOff,
    "query",
    "the gateway inspects the base images before the build; run docker pull first, and leave out --pull",
  ],
  version: [(value) => value === "" || value === "1", "query", "it asks for BuildKit; build with buildx"],
  outputs: [isNone, "output", "the classic builder has no outputs; leave out --output"],
  session: [isNone, "session", "sessions of the classic builder are not checked; leave out --stream"],
  buildid: [isNone, "session", "it belongs to BuildKit; leave it out"],
  isolation: [(value) => value === "" || value === "default", "query", "leave out --isolation"],
};

function jsonOf(text: string, name: string): JsonValue {
  try {
    return text === "" ? null : readJson(Buffer.from(text));
  } catch {
    return refuse("json", name, text, "it is not JSON as the engine reads it");
  }
}

/** Read as Go reads them, and written anew. */
function ulimitsOf(text: string): string {
  const limits = resources.Ulimits.read(jsonOf(text, "ulimits"), "ulimits");
  return limits === undefined ? "" : writeJson(limits);
}

/** @throws CallProblem */
export function judgeParameters(query: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const ambiguous = new CallProblem("query", AMBIGUOUS_QUERY);
  const given = readParameters(query);
  if (given === null) throw ambiguous;
  for (const [name, value] of given) {
    const values = found.get(name);
    if (values !== undefined && !LISTS.has(name)) throw ambiguous;
    if (value.includes("\ufffd")) throw ambiguous;
    const limit = Object.hasOwn(LIMITED, name) ? LIMITED[name] : undefined;
    if (name === "ulimits") {
      found.set(name, [ulimitsOf(value)]);
      continue;
    }
    if (limit !== undefined) {
      const [allows, check, why] = limit;
      if (!allows(value)) refuse(check, name, value, why);
    } else if (!HARMLESS.has(name))
      throw new CallProblem("query", `the parameter ${name.slice(0, 80)} is not allowed; leave it out`);
    found.set(name, [...(values ?? []), value]);
  }
  return found;
}

/** @returns a parameter that is a map of texts @throws CallProblem */
export function mapOf(parameters: Parameters, name: string): Map<string, string> {
  const [text = ""] = parameters.get(name) ?? [];
  const value = jsonOf(text, name) ?? new Map();
  if (!isObject(value)) return refuse("json", name, text, "the engine expects a map");
  const found = new Map<string, string>();
  for (const [key, inner] of value) {
    // null: an argument without a value, which the engine leaves out
    if (inner === null) continue;
    if (typeof inner !== "string") return refuse("json", name, text, "the engine expects strings");
    found.set(key, inner);
  }
  return found;
}

/** @returns the labels of the image, with the gateway's own @throws CallProblem */
export function labelsOf(parameters: Parameters, owner: string): string {
  const labels = mapOf(parameters, "labels");
  for (const [name, value] of labels) checkLabel(name, value, name);
  return writeJson(new Map([...labels, ...imageLabels(owner)]));
}

export const writeQuery = (parameters: Parameters): string =>
  writeParameters([...parameters].flatMap(([name, values]) => values.map((value) => [name, value] as const)));
