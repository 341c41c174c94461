/** Queries: read in the only way that Go can read them, and written anew. */
import { readJson } from "./body/json/read-json.ts";
import { isObject, type JsonObject } from "./body/json/value.ts";

export type Parameter = readonly [name: string, value: string];

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}

export const AMBIGUOUS_QUERY = "the query is ambiguous";

/** @returns null where two programs could read it differently: a `;`, an invalid escape */
export function readParameters(query: string): Parameter[] | null {
  if (query.includes(";")) return null;
  const found: Parameter[] = [];
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const mark = pair.indexOf("=");
    const name = decoded(mark < 0 ? pair : pair.slice(0, mark));
    const value = decoded(mark < 0 ? "" : pair.slice(mark + 1));
    if (name === null || value === null) return null;
    found.push([name, value]);
  }
  return found;
}

/** @param text of the parameter `filters` @returns null: no object, or where two programs could read it differently */
export function readFilters(text: string): JsonObject | null {
  if (text === "") return new Map();
  try {
    const read = readJson(Buffer.from(text));
    return isObject(read) ? read : null;
  } catch {
    return null;
  }
}

export const UNREADABLE_FILTERS = "the filters are not JSON as the engine reads it";

export const writeParameters = (parameters: Iterable<Parameter>): string =>
  [...parameters]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
