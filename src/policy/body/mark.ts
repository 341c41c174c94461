/**
 * What a role does with each field of a request's body. A field has a mark once somebody has examined it; one without a mark
 * is refused, so a field that a newer engine adds opens no gap.
 */
import { CallProblem } from "../refusal.ts";
import { foldKey } from "./json/fold.ts";
import { isList, isObject, JsonNumber, type JsonValue } from "./json/value.ts";

/** `forbidden`: only Go's zero value is let through. */
export type Verdict = "harmless" | "limited" | "forbidden";

export interface Mark {
  readonly verdict: Verdict;
  /** Named as in Kubernetes' Pod Security Standards where they have it; empty if harmless. */
  readonly check: string;
  /** For docs/reference/deployer.md and for refusals: the end of a sentence. */
  readonly why: string;
  /** The marks of an object's fields, also of the objects in a list or map. */
  readonly fields: Readonly<Record<string, Mark>> | null;
  /**
   * @param place `HostConfig.Privileged`
   * @returns what the engine gets; undefined: nothing
   * @throws CallProblem
   */
  readonly read: (value: JsonValue, place: string) => JsonValue | undefined;
}

/** The Go type of a value. */
export type Type = (value: JsonValue) => boolean;

const INTEGER = /^-?\d{1,19}$/;

export const text: Type = (value) => typeof value === "string";
export const flag: Type = (value) => typeof value === "boolean";
export const integer: Type = (value) => value instanceof JsonNumber && INTEGER.test(value.text);
export const listOf =
  (type: Type): Type =>
  (value) =>
    isList(value) && value.every(type);
export const mapOf =
  (type: Type): Type =>
  (value) =>
    isObject(value) && [...value.values()].every(type);
export const texts = listOf(text);
export const textMap = mapOf(text);
/** A command: Docker reads a string as a list of one. */
export const command: Type = (value) => text(value) || texts(value);
/** `{"80/tcp": {}}` */
export const nameSet = mapOf((value) => value === null || (isObject(value) && value.size === 0));

const SHOWN = 80;

function shown(value: JsonValue): string {
  if (value instanceof JsonNumber) return value.text;
  if (isObject(value)) return `{${[...value.keys()].join(", ")}}`.slice(0, SHOWN);
  return (isList(value) ? `[${value.map(shown).join(", ")}]` : JSON.stringify(value)).slice(0, SHOWN);
}

/** @throws CallProblem */
export function refused(check: string, place: string, value: JsonValue, why: string): never {
  const what = place === "" ? "the body" : place;
  throw new CallProblem(check, `${what} is ${shown(value)}: ${why}`);
}

function typed(type: Type, value: JsonValue, place: string): JsonValue | undefined {
  // Go does not set a field that is null
  if (value === null) return undefined;
  return type(value) ? value : refused("json", place, value, "the engine expects another type");
}

/** Allows every value of the type. */
export function harmless(type: Type, why: string): Mark {
  const read: Mark["read"] = (value, place) => typed(type, value, place);
  return { verdict: "harmless", check: "", why, fields: null, read };
}

/** Several fields of one type. @param names with spaces between */
export const allHarmless = (type: Type, names: string, why: string): Record<string, Mark> =>
  Object.fromEntries(names.split(" ").map((name) => [name, harmless(type, why)]));

/** @param why what is allowed, and what to change @param allows decides on a value of the type */
export function limited(check: string, type: Type, why: string, allows: (value: JsonValue) => boolean): Mark {
  const read: Mark["read"] = (value, place) => {
    const found = typed(type, value, place);
    return found === undefined || allows(found) ? found : refused(check, place, found, why);
  };
  return { verdict: "limited", check, why, fields: null, read };
}

export const isZero = (value: JsonValue): boolean =>
  value === null ||
  value === "" ||
  value === false ||
  (value instanceof JsonNumber && /^-?0$/.test(value.text)) ||
  (isList(value) && value.length === 0) ||
  (isObject(value) && value.size === 0);

/** @param isNone whether the engine reads the value as if the field were missing; by default Go's zero values */
export function forbidden(check: string, why: string, isNone: (value: JsonValue) => boolean = isZero): Mark {
  const read: Mark["read"] = (value, place) =>
    isNone(value) ? undefined : refused(check, place, value, why);
  return { verdict: "forbidden", check, why, fields: null, read };
}

export const allForbidden = (check: string, names: string, why: string): Record<string, Mark> =>
  Object.fromEntries(names.split(" ").map((name) => [name, forbidden(check, why)]));

/** An object: only fields that have a mark are allowed; names match as they do in Go. */
export function struct(marks: Readonly<Record<string, Mark>>): Mark {
  const exact = new Map(Object.entries(marks));
  const names = new Map(Object.keys(marks).map((name) => [foldKey(name), name]));
  const read: Mark["read"] = (value, place) => {
    if (value === null) return undefined;
    if (!isObject(value)) return refused("json", place, value, "the engine expects an object");
    const found = new Map<string, JsonValue>();
    const seen = new Set<string>();
    for (const [key, inner] of value) {
      const name = exact.has(key) ? key : (names.get(foldKey(key)) ?? key);
      const at = place === "" ? name : `${place}.${name}`;
      const mark = exact.get(name);
      if (mark === undefined)
        throw new CallProblem("unknownField", `${at.slice(0, SHOWN)} is not a field that tetherdock knows`);
      if (seen.has(name)) throw new CallProblem("json", `${at} appears twice`);
      seen.add(name);
      const kept = mark.read(inner, at);
      if (kept !== undefined) found.set(name, kept);
    }
    return found;
  };
  return { verdict: "limited", check: "", why: "", fields: marks, read };
}

/** A null among objects has crashed engines. */
function there(value: JsonValue | undefined, place: string): JsonValue {
  return value ?? refused("json", place, null, "none of its entries may be null");
}

/** A list whose entries have this mark. */
export function each(mark: Mark): Mark {
  const read: Mark["read"] = (value, place) => {
    if (value === null) return undefined;
    if (!isList(value)) return refused("json", place, value, "the engine expects a list");
    return value.map((inner, index) => there(mark.read(inner, `${place}[${index}]`), place));
  };
  return { ...mark, read };
}

/** A map whose values have this mark. @param allowsKey decides on keys, which the client chooses */
export function eachOf(
  mark: Mark,
  check = "",
  why = "",
  allowsKey: (key: string) => boolean = () => true,
): Mark {
  const read: Mark["read"] = (value, place) => {
    if (value === null) return undefined;
    if (!isObject(value)) return refused("json", place, value, "the engine expects an object");
    return new Map(
      [...value].map(([key, inner]): [string, JsonValue] => {
        if (!allowsKey(key)) refused(check, `a key of ${place}`, key, why);
        return [key, there(mark.read(inner, `${place}[${JSON.stringify(key).slice(0, SHOWN)}]`), place)];
      }),
    );
  };
  return check === "" ? { ...mark, read } : { ...mark, check, why, read };
}
