/**
 * Takes out of an answer of the engine what a viewer must not read. By the names of fields, wherever they stand: the
 * same shapes return at different depths in containers, services, tasks, and services as they were before an update.
 */

/** Node has it, TypeScript's library not yet. @see TC39, JSON.parse source text access */
const { isRawJSON } = JSON as unknown as { readonly isRawJSON: (value: unknown) => boolean };

/** What stands where a secret was. Names stay: that a variable is set explains a lot, and its value is not needed for it. */
const BLANK = "***";

/** Docker's own network drivers: their options are documented, stand in compose files, and are no secrets. */
const HARMLESS_OPTION = /^com\.docker\.network\./;

type Fields = Readonly<Record<string, unknown>>;
type Change = (value: unknown) => unknown;

/** A number too long for a double is an object, too, where the parser was asked to keep it. */
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isRawJSON(value);

/** Not by assignment: a label may be called `__proto__`. */
function mapFields(fields: Fields, change: (name: string, value: unknown) => unknown): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(name, value)]));
}

/** Every text below. Types stay, or the caller's client could not read the answer. */
function blankTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(blankTexts);
  if (isFields(value)) return mapFields(value, (_, inner) => blankTexts(inner));
  return typeof value === "string" && value !== "" ? BLANK : value;
}

function blankVariable(variable: unknown): unknown {
  if (typeof variable !== "string") return blankTexts(variable);
  const equals = variable.indexOf("=");
  return equals < 0 ? variable : `${variable.slice(0, equals)}=${BLANK}`;
}

/** A list of `NAME=value`; a name alone takes a variable out, and is no secret. */
const blankEnvironment: Change = (value) =>
  Array.isArray(value) ? value.map(blankVariable) : blankTexts(value);

/** Drivers' options are a map; a list by this name is a resolver's or a tmpfs's. */
const blankOptions: Change = (value) =>
  isFields(value)
    ? mapFields(value, (name, inner) => (HARMLESS_OPTION.test(name) ? inner : blankTexts(inner)))
    : value;

/** `http://user:password@proxy:3128`: newer engines hide it themselves. */
const blankCredentials: Change = (value) =>
  typeof value === "string" ? value.replace(/^(\w+:\/\/)?.*@/, `$1${BLANK}@`) : value;

/** Everything as elsewhere, and what has this name blanked too. */
const having =
  (name: string): Change =>
  (value) =>
    walk(value, name);

const CHANGES: ReadonlyMap<string, Change> = new Map([
  ["Env", blankEnvironment],
  ["Options", blankOptions],
  ["DriverOpts", blankOptions],
  // what a CSI driver says to itself from node to node
  ["VolumeContext", blankOptions],
  ["PublishContext", blankOptions],
  ["HttpProxy", blankCredentials],
  ["HttpsProxy", blankCredentials],
  // log drivers take tokens
  ["LogConfig", having("Config")],
  // what a health check prints is a log
  ["Health", having("Output")],
  // why a container or task failed: a mount that did not work is quoted with its options, passwords and all
  ["State", having("Error")],
  ["Status", having("Err")],
  // before API 1.45 an image remembers its last build command as `|1 TOKEN=value /bin/sh -c …`
  ["ContainerConfig", having("Cmd")],
  // instructions for images built on this one: `ENV TOKEN=value`
  ["OnBuild", blankTexts],
  // the build cache remembers commands, too
  ["BuildCache", having("Description")],
  ["BuildCacheUsage", having("Description")],
]);

function walk(value: unknown, also: string | null): unknown {
  if (Array.isArray(value)) return value.map((inner) => walk(inner, also));
  if (!isFields(value)) return value;
  return mapFields(value, (name, inner) => {
    if (name === also) return blankTexts(inner);
    return CHANGES.get(name)?.(inner) ?? walk(inner, also);
  });
}

/**
 * Blanks what is secret in an answer of the engine: values of environment variables; options of volumes, mounts, log
 * drivers and of network drivers that are not Docker's own; passwords of proxies; the output of health checks; errors
 * of containers and tasks; commands of builds. Labels and command lines stay: docs/roles.md says so.
 * @param value an answer's body, parsed
 * @returns a copy of the same shape
 */
export function blankSecrets(value: unknown): unknown {
  return walk(value, null);
}
