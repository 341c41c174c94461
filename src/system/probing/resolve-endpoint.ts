/** All addresses of an endpoint, each to be proven on its own. */
import { lookup } from "node:dns/promises";
import type { Endpoint, Target } from "../../engine/index.ts";

/**
 * Resolves as the system does (hosts file included), A and AAAA.
 * @param timeoutMs for the whole lookup
 * @returns one target an address. A name that does not resolve (in time) is its own only target, so that the probe
 *   shows the failure as it shows every other.
 */
export async function resolveEndpoint(endpoint: Endpoint, timeoutMs: number): Promise<Target[]> {
  const asGiven: Target = { endpoint, serverName: endpoint.host };
  const { promise: late, resolve } = Promise.withResolvers<readonly string[]>();
  const timer = setTimeout(() => resolve([]), timeoutMs);
  const found = lookup(endpoint.host, { all: true, order: "verbatim" }).then(
    (addresses) => addresses.map(({ address }) => address),
    () => [],
  );
  const addresses = new Set(await Promise.race([found, late]));
  clearTimeout(timer);
  if (addresses.size === 0) return [asGiven];
  return [...addresses].map((host) => ({ ...asGiven, endpoint: { host, port: endpoint.port } }));
}
