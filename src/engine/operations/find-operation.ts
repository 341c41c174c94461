/** Finds the operation that a request line calls. */
import type { OperationCall } from "./operation.ts";
import { bind, type Route, routeOf } from "./route.ts";
import { operations } from "./table.ts";
import { parseTarget } from "./target.ts";

/**
 * Method and first word → routes, longest first, because deleting a checkpoint looks like deleting a container `a/b/c`.
 */
const routes: ReadonlyMap<string, readonly Route[]> = Map.groupBy(
  operations.map(routeOf).toSorted((a, b) => b.parts.length - a.parts.length),
  ({ operation, parts }) => `${operation.method} /${parts[0]?.word}`,
);

function search(method: string, text: string): OperationCall | null {
  const target = parseTarget(text);
  if (!target) return null;
  const { version, segments, query } = target;
  for (const route of routes.get(`${method} /${segments[0]}`) ?? []) {
    const params = bind(route, segments);
    if (params) return { operation: route.operation, version, params, query };
  }
  return null;
}

/** Clients repeat the same few requests, and a search costs ten times as much as a lookup. */
const CACHE_ENTRIES = 1024;
/** Longer targets are rarely repeated: given names, filters, build arguments. */
const CACHED_LENGTH = 160;
/** A full cache is emptied after this many misses, because filling it costs more than searching. */
const TURNED_AWAY = 16 * CACHE_ENTRIES;
const caches = new Map(operations.map(({ method }) => [method as string, new Map<string, OperationCall>()]));
let turnedAway = 0;

function keep(cache: Map<string, OperationCall>, target: string, call: OperationCall): void {
  if (cache.size < CACHE_ENTRIES) cache.set(target, call);
  else if (++turnedAway >= TURNED_AWAY) {
    turnedAway = 0;
    cache.clear();
  }
}

/**
 * Finds the operation that a request calls.
 * @param method as in the request line; methods are case-sensitive
 * @param target of the request line, in origin form, not decoded
 * @returns null if no operation is known, or the target is ambiguous: `//`, dot segments, a slash at the end, needless
 *   escapes, `%`, `;`, `\`, control characters after decoding, versions before 1.24 or not of the form `v1.N`
 * @see moby, daemon/server/router: with and without a version, path decoded once, names of images, plugins, networks,
 *   volumes and containers may contain slashes
 */
export function findOperation(method: string, target: string): OperationCall | null {
  const cache = caches.get(method);
  if (!cache) return null;
  const known = cache.get(target);
  if (known) return known;
  const call = search(method, target);
  if (call && target.length <= CACHED_LENGTH) keep(cache, target, call);
  return call;
}
