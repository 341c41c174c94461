/**
 * A model of the engine's router, to compare ours with: its patterns in the order in which it tries them, and Go's
 * processing of a target before that. Written from moby's sources, and independent of src/engine on purpose.
 * @see moby, daemon/server/router/ and daemon/server/server.go; gorilla/mux; Go, net/url
 */

/** Method and pattern; `{name}` is one segment, `{name:PATTERN}` matches the pattern. */
export const ENGINE_ROUTES: readonly string[] = [
  "GET /containers/{name:.*}/checkpoints",
  "POST /containers/{name:.*}/checkpoints",
  "DELETE /containers/{name}/checkpoints/{checkpoint}",
  "HEAD /containers/{name:.*}/archive",
  "GET /containers/json",
  "GET /containers/{name:.*}/export",
  "GET /containers/{name:.*}/changes",
  "GET /containers/{name:.*}/json",
  "GET /containers/{name:.*}/top",
  "GET /containers/{name:.*}/logs",
  "GET /containers/{name:.*}/stats",
  "GET /containers/{name:.*}/attach/ws",
  "GET /exec/{id:.*}/json",
  "GET /containers/{name:.*}/archive",
  "POST /containers/create",
  "POST /containers/{name:.*}/kill",
  "POST /containers/{name:.*}/pause",
  "POST /containers/{name:.*}/unpause",
  "POST /containers/{name:.*}/restart",
  "POST /containers/{name:.*}/start",
  "POST /containers/{name:.*}/stop",
  "POST /containers/{name:.*}/wait",
  "POST /containers/{name:.*}/resize",
  "POST /containers/{name:.*}/attach",
  "POST /containers/{name:.*}/exec",
  "POST /exec/{name:.*}/start",
  "POST /exec/{name:.*}/resize",
  "POST /containers/{name:.*}/rename",
  "POST /containers/{name:.*}/update",
  "POST /containers/prune",
  "POST /commit",
  "PUT /containers/{name:.*}/archive",
  "DELETE /containers/{name:.*}",
  "GET /images/json",
  "GET /images/search",
  "GET /images/get",
  "GET /images/{name:.*}/get",
  "GET /images/{name:.*}/history",
  "GET /images/{name:.*}/json",
  "GET /images/{name:.*}/attestations",
  "POST /images/load",
  "POST /images/create",
  "POST /images/{name:.*}/push",
  "POST /images/{name:.*}/tag",
  "POST /images/prune",
  "DELETE /images/{name:.*}",
  "OPTIONS /{anyroute:.*}",
  "GET /_ping",
  "HEAD /_ping",
  "GET /events",
  "GET /info",
  "GET /version",
  "GET /system/df",
  "POST /auth",
  "GET /volumes",
  "GET /volumes/{name:.*}",
  "POST /volumes/create",
  "POST /volumes/prune",
  "PUT /volumes/{name:.*}",
  "DELETE /volumes/{name:.*}",
  "POST /build",
  "POST /build/prune",
  "POST /build/cancel",
  "POST /session",
  "POST /swarm/init",
  "POST /swarm/join",
  "POST /swarm/leave",
  "GET /swarm",
  "GET /swarm/unlockkey",
  "POST /swarm/update",
  "POST /swarm/unlock",
  "GET /services",
  "GET /services/{id}",
  "POST /services/create",
  "POST /services/{id}/update",
  "DELETE /services/{id}",
  "GET /services/{id}/logs",
  "GET /nodes",
  "GET /nodes/{id}",
  "DELETE /nodes/{id}",
  "POST /nodes/{id}/update",
  "GET /tasks",
  "GET /tasks/{id}",
  "GET /tasks/{id}/logs",
  "GET /secrets",
  "POST /secrets/create",
  "DELETE /secrets/{id}",
  "GET /secrets/{id}",
  "POST /secrets/{id}/update",
  "GET /configs",
  "POST /configs/create",
  "DELETE /configs/{id}",
  "GET /configs/{id}",
  "POST /configs/{id}/update",
  "GET /plugins",
  "GET /plugins/{name:.*}/json",
  "GET /plugins/privileges",
  "DELETE /plugins/{name:.*}",
  "POST /plugins/{name:.*}/enable",
  "POST /plugins/{name:.*}/disable",
  "POST /plugins/pull",
  "POST /plugins/{name:.*}/push",
  "POST /plugins/{name:.*}/upgrade",
  "POST /plugins/{name:.*}/set",
  "POST /plugins/create",
  "GET /distribution/{name:.*}/json",
  "GET /networks",
  "GET /networks/",
  "GET /networks/{id:.+}",
  "POST /networks/create",
  "POST /networks/{id:.*}/connect",
  "POST /networks/{id:.*}/disconnect",
  "POST /networks/prune",
  "DELETE /networks/{id:.*}",
  "GET /debug/vars",
  "GET /debug/pprof/",
  "GET /debug/pprof/cmdline",
  "GET /debug/pprof/profile",
  "GET /debug/pprof/symbol",
  "GET /debug/pprof/trace",
  "GET /debug/pprof/{name}",
  "POST /grpc",
];

/** The engine's reaction to a request. */
export interface EngineRoute {
  /** One of `ENGINE_ROUTES`. */
  readonly route: string;
  readonly version: string | null;
  /** The parameters in order, one character for each byte. */
  readonly values: readonly string[];
}

/** Any character except the end of a line: `.` in Go, for which fewer characters end a line than in JavaScript. */
const DOT = "[^\\n]";

function regexOf(pattern: string): RegExp {
  const parts = pattern.split(/(\{[^}]*\})/).map((part) => {
    if (!part.startsWith("{")) return part.replace(/[.*+?^$()[\]{}|\\]/g, "\\$&");
    const own = part.slice(1, -1).split(":")[1];
    return `(${own === undefined ? "[^/]+" : own.replace(".", DOT)})`;
  });
  return new RegExp(`^(?:/v([0-9.]+))?${parts.join("")}$`);
}

const compiled = ENGINE_ROUTES.map((route) => {
  const [method = "", pattern = ""] = route.split(" ");
  return { route, method, regex: regexOf(pattern) };
});

/** Go's decoding of a path: bytes, not characters. Null is a 400. */
function decode(path: string): string | null {
  if (/%(?![\da-f]{2})/i.test(path)) return null;
  return path.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Whether the router would answer with a redirect to a cleaner path. */
function isUnclean(path: string): boolean {
  const segments = path.slice(1).split("/");
  return segments.some((segment, at) => {
    const last = at === segments.length - 1;
    return (segment === "" && !last) || segment === "." || segment === "..";
  });
}

/** @param target as bytes, one character each. */
export function routeAsEngine(method: string, target: string): EngineRoute | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: net/url refuses them
  if (!target.startsWith("/") || /[\x00-\x20\x7f]/.test(target)) return null;
  const path = decode(target.split("?")[0] ?? "");
  if (path === null || isUnclean(path)) return null;
  for (const { route, regex, method: wanted } of compiled) {
    const match = method === wanted ? regex.exec(path) : null;
    if (match) return { route, version: match[1] ?? null, values: match.slice(2) };
  }
  return null;
}
