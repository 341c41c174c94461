/** The Docker endpoint that a text is about, if it names one. */
import { type Endpoint, parseEndpoint } from "../../engine/index.ts";

/**
 * Ways in which programs name the address they dialled, the surest first. Addresses of callers ("TLS handshake error
 * from 192.0.2.9:51234") and of registries are none of them.
 */
const PLACES: readonly RegExp[] = [
  /\bDOCKER_HOST["']?\s{0,4}[=:]\s{0,4}["']?(?:tcp|https?):\/\/(?<at>[^\s"'/]{3,260})/g,
  /\b(?:tcp|https?):\/\/(?<at>[^\s"'/?]{3,260})/g,
  /\bdial tcp[46]? (?<at>\[?[0-9A-Fa-f.:]{2,45}\]?(?:%\w{1,16})?:[0-9]{1,5})/g,
  /->(?<at>\[?[0-9A-Fa-f.:]{2,45}\]?:[0-9]{1,5}): (?:read|write):/g,
  /\bconnect E[A-Z]{4,14} (?<at>\S{3,260}:[0-9]{1,5})/g,
  /\bhost=["'](?<host>[^"'\s]{1,253})["'], port=(?<port>[0-9]{1,5})/g,
  /\bFailed to connect to (?<host>\S{1,253}) port (?<port>[0-9]{1,5})/g,
  /\bin connection to (?<at>\S{3,260}:[0-9]{1,5})/g,
  /\bdocker (?:-H|--host)[ =](?:tcp:\/\/)?(?<at>[^\s"'/]{3,260}:[0-9]{1,5})/g,
];

/** Go's and docker-py's stand-ins where the real way is a pipe or a unix socket. */
const STAND_INS = new Set(["docker.example.com", "docker", "localhost.docker"]);
/** Every address of a machine: nothing that one could dial from here. */
const UNSPECIFIED = new Set(["0.0.0.0", "::"]);
/** A text of many addresses is a log, not an error message. */
const MAX_TRIED = 50;

function read(groups: Record<string, string | undefined>): Endpoint | undefined {
  const { at, host = "", port } = groups;
  const bare = host.includes(":") ? `[${host}]` : host;
  // Go writes IPv6 addresses bare after "dial tcp", and with brackets when a port follows; userinfo is never dialled.
  const text = (at ?? `${bare}:${port}`).replace(/[.,;:)]{1,4}$/, "").replace(/^[^@]{0,255}@/, "");
  try {
    const endpoint = parseEndpoint(text);
    return STAND_INS.has(endpoint.host) || UNSPECIFIED.has(endpoint.host) ? undefined : endpoint;
  } catch {
    return undefined;
  }
}

/**
 * Looks for the address that a client dialled.
 * @param text cleaned
 * @returns the first one by the surest way; undefined when the text names none that can be dialled from here
 */
export function findEndpoint(text: string): Endpoint | undefined {
  for (const place of PLACES) {
    let tried = 0;
    for (const match of text.matchAll(place)) {
      const found = read(match.groups ?? {});
      if (found) return found;
      tried += 1;
      if (tried === MAX_TRIED) break;
    }
  }
  return undefined;
}
