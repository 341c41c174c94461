/** Queries, read so that Go reads the same, and written again. */
import type { OperationCall } from "../../../engine/index.ts";

export type Query = ReadonlyMap<string, string>;

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}

/** @returns null where two programs could read it differently: a parameter twice, a `;`, an escape that is none */
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

/** @param params of the path @returns the target of a call that has these, in the version of the one that was made */
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

/** As the engine reads a truth. @see moby, httputils.BoolValue */
export const isTrue = (value: string | undefined): boolean =>
  !["", "0", "no", "false", "none"].includes((value ?? "").trim().toLowerCase());
