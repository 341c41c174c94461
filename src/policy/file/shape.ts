/** Readers that know their JSON Schema: what an editor completes is what the gateway accepts. */
import { json } from "../../base/index.ts";

export type Schema = Readonly<Record<string, unknown>>;

export interface Shape<T> {
  readonly read: json.Read<T>;
  readonly schema: Schema;
}

/** A field of an object. Without `optional` it must be there. */
export interface Member<T> extends Shape<T> {
  readonly optional?: { readonly value: T };
}

type Members<T> = { readonly [K in keyof T]-?: Member<T[K]> };

/** Adds what the field means, for editors and for the reference. */
export function described<T>(what: string, { read, schema }: Shape<T>): Member<T> {
  return { read, schema: { description: what, ...schema } };
}

/** The same, with the value that a missing field has. */
export function optional<T>(what: string, value: T, shape: Shape<T>): Member<T> {
  return { ...described(what, shape), optional: { value } };
}

export function object<T extends object>(members: Members<T>): Shape<T> {
  const entries = Object.entries(members) as [string, Member<unknown>][];
  return {
    read: json.object<T>(members),
    schema: {
      type: "object",
      additionalProperties: false,
      required: entries.filter(([, member]) => member.optional === undefined).map(([name]) => name),
      properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
    },
  };
}

export function list<T>({ read, schema }: Shape<T>, maxItems: number): Shape<readonly T[]> {
  return { read: json.list(read, maxItems), schema: { type: "array", items: schema, maxItems } };
}

/** @param rule what it must be, for messages */
export function matching(pattern: RegExp, rule: string): Shape<string> {
  return { read: json.matching(pattern, rule), schema: { type: "string", pattern: pattern.source } };
}

export function oneOf<T extends string>(...values: readonly T[]): Shape<T> {
  return { read: json.oneOf(...values), schema: { enum: values } };
}

export function only<T extends number>(value: T): Shape<T> {
  return { read: json.only(value), schema: { const: value } };
}

export const flag: Shape<boolean> = { read: json.flag, schema: { type: "boolean" } };

export function count(highest: number): Shape<number> {
  return { read: json.count(highest), schema: { type: "integer", minimum: 1, maximum: highest } };
}

/** A map from names to texts. @param entries how many at most */
export function textMap(
  name: RegExp,
  value: Shape<string>,
  entries: number,
): Shape<ReadonlyMap<string, string>> {
  const read: json.Read<ReadonlyMap<string, string>> = (found, at, complain) => {
    if (typeof found !== "object" || found === null || Array.isArray(found))
      return void complain(at, "must be a map");
    const pairs = Object.entries(found);
    if (pairs.length > entries) return void complain(at, `must have at most ${entries} entries`);
    for (const [key] of pairs)
      if (!name.test(key)) complain(`${at}.${key}`, "is not a name that is allowed here");
    const all = pairs.map(([key, inner]) => [key, value.read(inner, `${at}.${key}`, complain)] as const);
    return all.some(([, inner]) => inner === undefined) ? undefined : new Map(all as [string, string][]);
  };
  const { schema } = value;
  return {
    read,
    schema: {
      type: "object",
      propertyNames: { pattern: name.source },
      additionalProperties: schema,
      maxProperties: entries,
    },
  };
}
