/** Matches paths with parameters like moby's router. */
import type { Operation } from "./operation.ts";

/** Names below these may contain slashes: the router's `{name:.*}`. Elsewhere a parameter is one segment. */
const SPANNING = new Set(["containers", "exec", "images", "distribution", "volumes", "networks", "plugins"]);

/** A literal word of the path, or the name of a parameter. */
interface Part {
  readonly word: string | null;
  readonly parameter: string;
}

/** An operation's path in parts. */
export interface Route {
  readonly operation: Operation;
  readonly parts: readonly Part[];
  /** Index of the parameter that takes all remaining segments; -1 for none. */
  readonly spanAt: number;
}

function partOf(segment: string): Part {
  const isParameter = segment.startsWith("{");
  return isParameter ? { word: null, parameter: segment.slice(1, -1) } : { word: segment, parameter: "" };
}

/** @param operation with a path of at least one segment */
export function routeOf(operation: Operation): Route {
  const parts = operation.path.slice(1).split("/").map(partOf);
  const parameters = parts.filter(({ word }) => word === null).length;
  const spans = parameters === 1 && SPANNING.has(parts[0]?.word ?? "");
  return { operation, parts, spanAt: spans ? parts.findIndex(({ word }) => word === null) : -1 };
}

/** Indexes in the path and the route differ by the number of segments that the spanning parameter took. */
function matches({ parts, spanAt }: Route, path: readonly string[], extra: number): boolean {
  // Starts at the end, because most routes with the same first word differ only there.
  for (let at = parts.length - 1; at >= 0; at--) {
    const word = parts[at]?.word ?? null;
    if (word !== null && word !== path[at > spanAt ? at + extra : at]) return false;
  }
  return true;
}

/**
 * Binds a path's segments to a route.
 * @param path decoded, none of the segments empty
 * @returns the parameters; null if the route does not match
 */
export function bind(route: Route, path: readonly string[]): Readonly<Record<string, string>> | null {
  const { parts, spanAt } = route;
  const extra = path.length - parts.length;
  if (extra < 0 || (extra > 0 && spanAt < 0) || !matches(route, path, extra)) return null;
  const params: Record<string, string> = {};
  parts.forEach(({ word, parameter }, at) => {
    if (word !== null) return;
    const segment = path[at] ?? "";
    params[parameter] = extra > 0 ? path.slice(at, at + extra + 1).join("/") : segment;
  });
  return params;
}
