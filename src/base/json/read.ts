/** Reads JSON by a schema. It collects every problem and guesses nothing. */
import { type Bounds, parse } from "./parse.ts";

/** Reads one value: returns it, or undefined after reporting a problem. */
export type Read<T> = (value: unknown, at: string, complain: Complain) => T | undefined;
/** @param at where, such as `clients[2].role` */
export type Complain = (at: string, text: string) => void;

/** The fields of an object and their readers; `optional` gives the default of a missing one. */
export type Fields<T> = { readonly [K in keyof T]-?: Field<T[K]> };

export interface Field<T> {
  readonly read: Read<T>;
  readonly optional?: { readonly value: T };
}

/** The default limit of items in a list. */
const MAX_ITEMS = 100_000;
/** The default limit for a text, in UTF-16 code units. */
const MAX_WORDS = 4096;
/** Nobody reads more. */
const MAX_PROBLEMS = 50;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const join = (at: string, key: string) => (at === "" ? key : `${at}.${key}`);

/** Reads an object with these fields and ignores others. For data that a newer version may extend. */
export function openObject<T extends object>(fields: Fields<T>): Read<T> {
  const all = Object.entries(fields) as [string, Field<unknown>][];
  return (value, at, complain) => {
    if (!isObject(value)) return void complain(at, "must be an object");
    const result: Record<string, unknown> = {};
    let whole = true;
    for (const [key, field] of all) {
      const isThere = Object.hasOwn(value, key);
      if (isThere) result[key] = field.read(value[key], join(at, key), complain);
      else if (field.optional) result[key] = field.optional.value;
      else complain(join(at, key), "is missing");
      whole &&= result[key] !== undefined || (!isThere && field.optional !== undefined);
    }
    return whole ? (result as T) : undefined;
  };
}

/** Reads an object with exactly these fields. */
export function object<T extends object>(fields: Fields<T>): Read<T> {
  const open = openObject(fields);
  return (value, at, complain) => {
    if (isObject(value))
      for (const key of Object.keys(value))
        if (!Object.hasOwn(fields, key))
          complain(join(at, key), `is not known; known are ${Object.keys(fields).join(", ")}`);
    return open(value, at, complain);
  };
}

/** Reads a list. */
export function list<T>(item: Read<T>, maxItems = MAX_ITEMS): Read<readonly T[]> {
  return (value, at, complain) => {
    if (!Array.isArray(value)) return void complain(at, "must be a list");
    if (value.length > maxItems) return void complain(at, `must have at most ${maxItems} items`);
    const items = value.map((one, index) => item(one, `${at}[${index}]`, complain));
    return items.includes(undefined) ? undefined : (items as T[]);
  };
}

/** Reads a string of a certain form. @param rule what it must be, for the message */
export function matching(pattern: RegExp, rule: string): Read<string> {
  return (value, at, complain) =>
    typeof value === "string" && pattern.test(value) ? value : void complain(at, `must be ${rule}`);
}

/** Reads a SHA-256 as we write them. */
export const sha256 = matching(/^[0-9a-f]{64}$/, "64 hex digits in lower case");

/** Reads a string of any form. */
export function words(maxLength = MAX_WORDS): Read<string> {
  return (value, at, complain) =>
    typeof value === "string" && value.length <= maxLength
      ? value
      : void complain(at, `must be a string of at most ${maxLength} characters`);
}

/** A value as text: strings unchanged, others as JSON. `String()` would run a `toString` that the value contains. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Reads one of a few strings. */
export function oneOf<T extends string>(...values: readonly T[]): Read<T> {
  return (value, at, complain) =>
    values.includes(value as T)
      ? (value as T)
      : void complain(at, `must be ${values.map((one) => `"${one}"`).join(" or ")}`);
}

/** Reads a format's version. */
export function only<T extends number>(wanted: T): Read<T> {
  return (value, at, complain) => {
    if (value === wanted) return wanted;
    const newer =
      Number.isInteger(value) && Number(value) > wanted ? `; ${value} needs a newer tetherdock` : "";
    return void complain(at, `must be ${wanted}${newer}`);
  };
}

/** Reads a whole number, 1 or more. */
export function count(highest: number): Read<number> {
  return (value, at, complain) =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= highest
      ? (value as number)
      : void complain(at, `must be a whole number from 1 to ${highest}`);
}

/** Reads a number from 0 to the largest safe integer. */
export const number: Read<number> = (value, at, complain) =>
  typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER
    ? value
    : void complain(at, "must be a number from 0 on");

/** Reads milliseconds since the Unix epoch that `new Date()` can represent. */
export const time: Read<number> = (value, at, complain) =>
  typeof value === "number" && Math.abs(value) <= 8.64e15 ? value : void complain(at, "must be a time");

export const flag: Read<boolean> = (value, at, complain) =>
  typeof value === "boolean" ? value : void complain(at, "must be true or false");

/** Reads a value that may be null. */
export function orNull<T>(read: Read<T>): Read<T | null> {
  return (value, at, complain) => (value === null ? null : read(value, at, complain));
}

/** @returns the value, or the problems, at most 50 */
export function read<T>(
  source: string,
  reader: Read<T>,
  bounds?: Bounds,
): { readonly value: T } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  let parsed: unknown;
  try {
    parsed = parse(source, bounds);
  } catch (error) {
    return { problems: [`it is not JSON: ${(error as Error).message}`] };
  }
  const value = reader(parsed, "", (at, problem) => {
    if (problems.length < MAX_PROBLEMS) problems.push(`${at === "" ? "the whole" : at} ${problem}`);
  });
  return value !== undefined && problems.length === 0 ? { value } : { problems };
}
