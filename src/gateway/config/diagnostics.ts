/** Reads JSON that people wrote: every problem is collected, unknown keys are problems, and nothing is guessed. */

/** A reader of one value: the value, or undefined after it has complained. */
export type Read<T> = (value: unknown, at: string, complain: Complain) => T | undefined;
/** @param at where, as `clients[2].role` */
export type Complain = (at: string, text: string) => void;

/** The fields of an object and how each is read; `optional` gives what stands for a missing one. */
export type Fields<T> = { readonly [K in keyof T]-?: Field<T[K]> };

export interface Field<T> {
  readonly read: Read<T>;
  readonly optional?: { readonly value: T };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const join = (at: string, key: string) => (at === "" ? key : `${at}.${key}`);

/** Reads an object with exactly these fields. */
export function object<T extends object>(fields: Fields<T>): Read<T> {
  return (value, at, complain) => {
    if (!isObject(value)) return void complain(at, "must be an object");
    for (const key of Object.keys(value))
      if (!Object.hasOwn(fields, key))
        complain(join(at, key), `is not known; known are ${Object.keys(fields).join(", ")}`);
    const read: Record<string, unknown> = {};
    let whole = true;
    for (const [key, field] of Object.entries(fields) as [string, Field<unknown>][]) {
      if (!Object.hasOwn(value, key) && field.optional) read[key] = field.optional.value;
      else if (!Object.hasOwn(value, key)) complain(join(at, key), "is missing");
      else read[key] = field.read(value[key], join(at, key), complain);
      whole &&= read[key] !== undefined;
    }
    return whole ? (read as T) : undefined;
  };
}

/** Reads a list. */
export function list<T>(item: Read<T>): Read<readonly T[]> {
  return (value, at, complain) => {
    if (!Array.isArray(value)) return void complain(at, "must be a list");
    const items = value.map((one, index) => item(one, `${at}[${index}]`, complain));
    return items.includes(undefined) ? undefined : (items as T[]);
  };
}

/** Reads a string. @param rule what it must be, for the message */
export function text(pattern: RegExp, rule: string): Read<string> {
  return (value, at, complain) =>
    typeof value === "string" && pattern.test(value) ? value : void complain(at, `must be ${rule}`);
}

/** Reads one of a few strings. */
export function oneOf<T extends string>(...values: readonly T[]): Read<T> {
  return (value, at, complain) =>
    values.includes(value as T)
      ? (value as T)
      : void complain(at, `must be ${values.map((one) => `"${one}"`).join(" or ")}`);
}

/** Reads a whole number from 1 on. */
export function count(highest: number): Read<number> {
  return (value, at, complain) =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= highest
      ? (value as number)
      : void complain(at, `must be a whole number from 1 to ${highest}`);
}

export const flag: Read<boolean> = (value, at, complain) =>
  typeof value === "boolean" ? value : void complain(at, "must be true or false");

/** Reads what may be null. */
export function orNull<T>(read: Read<T>): Read<T | null> {
  return (value, at, complain) => (value === null ? null : read(value, at, complain));
}

/** @returns what was read, or every problem, one a line */
export function readJson<T>(
  source: string,
  read: Read<T>,
): { readonly value: T } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch (error) {
    return { problems: [`it is not JSON: ${(error as Error).message}`] };
  }
  const value = read(parsed, "", (at, problem) =>
    problems.push(`${at === "" ? "the whole" : at} ${problem}`),
  );
  return value !== undefined && problems.length === 0 ? { value } : { problems };
}
