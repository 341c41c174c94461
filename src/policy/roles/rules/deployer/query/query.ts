/** Queries with each parameter once, and targets that are written anew. */
import type { OperationCall } from "../../../../../engine/index.ts";
import { readParameters, writeParameters } from "../../../../query.ts";

export type Query = ReadonlyMap<string, string>;

/** @returns null where two programs could read it differently: as for {@link readParameters}, or a parameter twice */
export function readQuery(query: string): Query | null {
  const parameters = readParameters(query);
  const found = new Map(parameters);
  return found.size === parameters?.length ? found : null;
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
  const written = query.size > 0 ? `?${writeParameters(query)}` : "";
  return `${version === null ? "" : `/v${version}`}${path}${written}`;
}
