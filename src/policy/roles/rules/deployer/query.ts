/** Queries: read in the only way that Go can read them, and written anew. */
import type { OperationCall } from "../../../../engine/index.ts";

export type Query = ReadonlyMap<string, string>;

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}

/** @returns null where two programs could read it differently: a parameter twice, a `;`, an invalid escape */
export function readQuery(query: string): Query | null {
  const found = new Map<string, string>();
  if (query.includes(";")) return null;
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const mark = pair.indexOf("=");
    const name = decoded(mark < 0 ? pair : pair.slice(0, mark));
    const value = decoded(mark < 0 ? "" : pair.slice(mark + 1));
    if (name === null || value === null || found.has(name)) return null;
    found.set(name, value);
  }
  return found;
}

/** @param params of the path @returns the call's target with these parameters and this query, in the same API version */
export function targetOf(
  { operation, version }: OperationCall,
  params: Readonly<Record<string, string>>,
  query: Query,
): string {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ""),
  );
  const pairs = [...query].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `${version === null ? "" : `/v${version}`}${path}${pairs.length > 0 ? `?${pairs.join("&")}` : ""}`;
}

/** Go does not trim U+FEFF, which JavaScript does. @see Go, unicode.IsSpace */
const BYTE_ORDER_MARK = "\ufeff";

/** As the engine reads a boolean. @see moby, httputils.BoolValue */
export const isTrue = (value = ""): boolean =>
  value.includes(BYTE_ORDER_MARK) || !["", "0", "no", "false", "none"].includes(value.trim().toLowerCase());
