/** Finds all addresses of an endpoint, each of which needs its own proof. */
import { lookup } from "node:dns/promises";
import type { Endpoint, Target } from "../../engine/index.ts";

/**
 * Resolves A and AAAA records as the system does, including the hosts file.
 * @param timeoutMs for the whole lookup
 * @returns one target for each address. For a name that does not resolve in time, the name itself, so that the probe
 *   reports the failure like any other.
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
