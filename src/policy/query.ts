/** Queries: read in the only way that Go can read them, and written anew. */

export type Parameter = readonly [name: string, value: string];

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}

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

export const writeParameters = (parameters: Iterable<Parameter>): string =>
  [...parameters]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
