/**
 * What a viewer sees of a value in an answer of the engine. A mark keeps what was looked at and found harmless; whatever
 * it does not name is left out. So a field that an engine adds tomorrow is closed until somebody has looked at it.
 */

/** Node has it, TypeScript's library not yet. @see TC39, JSON.parse source text access */
const { isRawJSON } = JSON as unknown as { readonly isRawJSON: (value: unknown) => boolean };

/** Replaces a text. */
export const BLANK = "***";

/** @returns the part of the value that is shown; undefined if none is */
export type Show = (value: unknown) => unknown;

export type Fields = Readonly<Record<string, unknown>>;

/** `in part`: what is below has marks of its own, or a rule says which part. */
export type Verdict = "shown" | "blanked" | "dropped" | "in part";

export interface Mark {
  readonly verdict: Verdict;
  /** Why, where it is not obvious; empty otherwise. For docs/reference/viewer.md. */
  readonly why: string;
  readonly show: Show;
  /** Of an object, and of the objects in a list or map. */
  readonly fields: Readonly<Record<string, Mark>> | null;
}

/** Not of an array, and not of a number that the parser has kept as it was written. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isRawJSON(value);

const isScalar = (value: unknown): boolean => typeof value !== "object" || value === null || isRawJSON(value);

function set(target: Record<string, unknown>, name: string, value: unknown): void {
  // a label may be called `__proto__`
  if (name === "__proto__") Object.defineProperty(target, name, { value, enumerable: true });
  else target[name] = value;
}

export function showEach(values: readonly unknown[], show: Show): unknown[] {
  return values.map(show).filter((value) => value !== undefined);
}

/** @param show of a value, by its name */
function showMap(value: Fields, show: (inner: unknown, name: string) => unknown): Fields {
  const shown: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const inner = show(value[name], name);
    if (inner !== undefined) set(shown, name, inner);
  }
  return shown;
}

/** Texts, numbers, truths, and lists of them; never what has fields. */
export const showPlain: Show = (value) => {
  if (isScalar(value)) return value;
  return Array.isArray(value) ? showEach(value, showPlain) : undefined;
};

/** Only its type, because without it the caller's client could not read the answer. */
export const showType: Show = (value) => {
  if (typeof value === "string") return value === "" ? "" : BLANK;
  if (typeof value === "boolean") return false;
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) return showEach(value, showType);
  return isFields(value) ? {} : 0;
};

/** For a value of one type. Of another, only that it is null. */
export const onTexts =
  (show: (text: string) => string): Show =>
  (value) => {
    if (typeof value === "string") return show(value);
    if (Array.isArray(value)) return showEach(value, onTexts(show));
    return showType(value);
  };

export const mark = (verdict: Verdict, why: string, show: Show): Mark => ({
  verdict,
  why,
  show,
  fields: null,
});

const PLAIN = mark("shown", "", showPlain);

/** @param names of fields that give nothing away, with spaces between */
export function shown(names: string, why = ""): Record<string, Mark> {
  const plain = why === "" ? PLAIN : mark("shown", why, showPlain);
  return Object.fromEntries(names.split(" ").map((name) => [name, plain]));
}

export const blanked = (why: string): Mark => mark("blanked", why, showType);

/** For values of which not even the type is needed. */
export const dropped = (why: string): Mark => mark("dropped", why, () => undefined);

/** An object, with only the listed fields. */
export function fields(marks: Readonly<Record<string, Mark>>): Mark {
  const shows = new Map(Object.entries(marks).map(([name, { show }]) => [name, show]));
  const show: Show = (value) => {
    if (value === null) return null;
    if (!isFields(value)) return undefined;
    const seen: Record<string, unknown> = {};
    for (const name in value) {
      const inner = shows.get(name)?.(value[name]);
      if (inner !== undefined) seen[name] = inner;
    }
    return seen;
  };
  return { verdict: "in part", why: "", show, fields: marks };
}

/** A list of what one mark says. */
export function list({ verdict, why, show, fields: inner }: Mark): Mark {
  const showList: Show = (value) => {
    if (value === null) return null;
    return Array.isArray(value) ? showEach(value, show) : undefined;
  };
  return { verdict, why, show: showList, fields: inner };
}

/** A map with names that somebody has chosen, which are shown. */
export function map({ verdict, why, show, fields: inner }: Mark): Mark {
  const showValues: Show = (value) => {
    if (value === null) return null;
    return isFields(value) ? showMap(value, show) : undefined;
  };
  return { verdict, why, show: showValues, fields: inner };
}

/** A map from names to texts, numbers and truths. */
export const plainMap = (why = ""): Mark => map(mark("shown", why, showPlain));

/** A map, or a list of maps: values of the names that are known are shown, of others only that they are there. */
export function namedOnly(known: Pick<ReadonlySet<string>, "has">, why: string): Mark {
  const show: Show = (value) => {
    if (Array.isArray(value)) return showEach(value, show);
    if (!isFields(value)) return showType(value);
    return showMap(value, (inner, name) => (known.has(name) ? showPlain(inner) : showType(inner)));
  };
  return mark("in part", why, show);
}
