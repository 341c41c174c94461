/** Reads values of DOCKER_HOST and docker contexts as targets of doctor. Pure. */
import { TetherdockError } from "../../base/index.ts";
import { type Endpoint, makeEndpoint, parseEndpoint } from "../../engine/index.ts";

/** Where a client would connect. */
export type DockerHost =
  /** A host, and the port if one is named. */
  | { readonly kind: "tcp"; readonly host: string; readonly endpoint: Endpoint | null }
  /** This machine's own socket. */
  | { readonly kind: "local" }
  /** ssh's: the text is a destination. */
  | { readonly kind: "ssh"; readonly text: string };

/** There is no port to check, so only the form of the host is checked. */
const ANY_PORT = 1;

function overTcp(text: string): DockerHost {
  const address = text.replace(/^[a-z]+:\/\//, "").replace(/\/.*$/, "");
  if (/^(?:\[[^\]]*\]|[^:]+):\d+$/.test(address)) {
    const endpoint = parseEndpoint(address);
    return { kind: "tcp", host: endpoint.host, endpoint };
  }
  const { host } = makeEndpoint(address.replace(/^\[(.*)\]$/, "$1"), ANY_PORT);
  return { kind: "tcp", host, endpoint: null };
}

/**
 * @param text `tcp://`, `http://`, `https://`, `unix://` or `ssh://`
 * @returns null for what has none of these schemes
 * @throws ENDPOINT_INVALID; USAGE for a scheme that leads to no engine
 */
export function readDockerHost(text: string): DockerHost | null {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//.exec(text) ?? [];
  switch (scheme) {
    case undefined:
      return null;
    case "ssh":
      return { kind: "ssh", text };
    case "unix":
      return { kind: "local" };
    case "tcp":
    case "http":
    case "https":
      return overTcp(text);
    default:
      throw new TetherdockError("USAGE", `doctor cannot inspect ${scheme}://`, {
        why: scheme === "npipe" ? ["it is a named pipe of Windows"] : [],
        hints: ["tetherdock doctor user@host", "tetherdock doctor 203.0.113.7:2376"],
      });
  }
}
