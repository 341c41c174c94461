/**
 * Parses a request target like the engine: split at the first `?`, percent-decoded once, then matched. For a target
 * that the engine would redirect, or that other software could read differently, the result is null.
 * @see RFC 3986, section 2.3 and 6.2.2; moby, daemon/server/server.go
 */

/** The parts of a target. */
export interface Target {
  /** `1.41`, or null without a version. */
  readonly version: string | null;
  /** Decoded and without the version; at least one, none empty. */
  readonly segments: readonly string[];
  readonly query: string;
}

/** Path and query: printable ASCII without `#`, because a request target has no fragment (RFC 9112 section 3.2.1). */
const ORIGIN_FORM = /^\/[!"$-~]*$/;
/** No client needs to encode these; one that does may hope that some reader does not decode them. */
const NEEDLESS_ESCAPE = /%(?:2[de]|3\d|[46][1-9a-f]|[57][\da]|5f|7e)/i;
/** Other software could read these as a second layer of encoding, a parameter, a query or a fragment. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DOUBTFUL = /[\x00-\x1f\x7f-\x9f\\%;?#]/;

function decoded(path: string): string | null {
  if (!path.includes("%")) return path;
  if (NEEDLESS_ESCAPE.test(path)) return null;
  try {
    return decodeURIComponent(path);
  } catch {
    // not hexadecimal, or not UTF-8
    return null;
  }
}

/** `v1.24` and later, as clients write it; the engine also accepts `v01.041` and `v1.41.0`. */
const VERSION = /^v(1\.(?:2[4-9]|[3-9]\d|[1-9]\d\d))$/;

/** @param target of an HTTP/1.1 request line, origin form */
export function parseTarget(target: string): Target | null {
  if (!ORIGIN_FORM.test(target)) return null;
  const mark = target.indexOf("?");
  const raw = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark + 1);
  const path = decoded(raw);
  if (path === null || DOUBTFUL.test(path)) return null;
  const segments = path.slice(1).split("/");
  // The engine redirects // and dot segments, and reads a slash at the end as part of a name.
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) return null;
  const version = VERSION.exec(segments[0] ?? "")?.[1] ?? null;
  if (version === null) return { version, segments, query };
  return segments.length > 1 ? { version, segments: segments.slice(1), query } : null;
}
