/** Selects the claimed addresses that the laptop dials: a claim must not make it scan a network, or itself. */
import { normaliseNames, type San } from "../../pki/index.ts";

/**
 * A host with more networks is rare, and each address costs a dozen connections. Further ones are not
 * probed; the user can name them with --san.
 */
export const MAX_CLAIMED_ADDRESSES = 16;

// This host, loopback, link-local, multicast and reserved (RFC 6890); for IPv6 also the old IPv4-compatible addresses.
const NOT_A_HOST = /^(?:0\.|127\.|169\.254\.|22[4-9]\.|2[345]\d\.|::|fe[89ab][0-9a-f]:|ff[0-9a-f]{2}:)/;

function asAddress(text: string): San[] {
  try {
    return normaliseNames([text]).filter(({ type }) => type === "ip");
  } catch {
    return [];
  }
}

/**
 * @param claimed addresses that the host says it has
 * @param own addresses of this laptop's interfaces
 * @returns IP addresses in canonical form, each once, at most {@link MAX_CLAIMED_ADDRESSES}
 */
export function dialable(claimed: readonly string[], own: readonly string[]): string[] {
  const ours = new Set(own.flatMap(asAddress).map(({ value }) => value));
  const found = claimed
    .flatMap(asAddress)
    .map(({ value }) => value)
    .filter((value) => !NOT_A_HOST.test(value) && !ours.has(value));
  return [...new Set(found)].slice(0, MAX_CLAIMED_ADDRESSES);
}
