/** Paths with parameters, matched as moby's router does. */
import type { Operation } from "./operation.ts";

/** Names below these may contain slashes: the router's `{name:.*}`. Elsewhere a parameter is one segment. */
const SPANNING = new Set(["containers", "exec", "images", "distribution", "volumes", "networks", "plugins"]);

/** An operation's path in segments. */
export interface Route {
  readonly operation: Operation;
  readonly segments: readonly string[];
  /** Place of the parameter that takes every segment left over; -1 for none. */
  readonly spanAt: number;
}

const isParameter = (segment: string): boolean => segment.startsWith("{");

/** @param operation with a path of at least one segment */
export function routeOf(operation: Operation): Route {
  const segments = operation.path.slice(1).split("/");
  const parameters = segments.filter(isParameter).length;
  const spans = parameters === 1 && SPANNING.has(segments[0] ?? "");
  return { operation, segments, spanAt: spans ? segments.findIndex(isParameter) : -1 };
}

/**
 * Binds a path's segments to a route.
 * @param path decoded, none of the segments empty
 * @returns the parameters; null where the route is another one
 */
export function bind(route: Route, path: readonly string[]): Readonly<Record<string, string>> | null {
  const extra = path.length - route.segments.length;
  if (extra < 0 || (extra > 0 && route.spanAt < 0)) return null;
  const params: Record<string, string> = {};
  for (let at = 0; at < route.segments.length; at++) {
    const wanted = route.segments[at] ?? "";
    const from = route.spanAt >= 0 && at > route.spanAt ? at + extra : at;
    if (!isParameter(wanted)) {
      if (path[from] !== wanted) return null;
    } else {
      const to = at === route.spanAt ? from + extra : from;
      params[wanted.slice(1, -1)] = path.slice(from, to + 1).join("/");
    }
  }
  return params;
}
