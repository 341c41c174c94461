/** Names for the server's certificate, and addresses that are only probed. */
import type { HostFacts } from "../../../facts/index.ts";
import { dialable } from "../../../host/index.ts";
import { normaliseNames } from "../../../pki/index.ts";
import type { CertificateNames } from "../prepared.ts";

/**
 * @param asked the line's address and what the user gave
 * @param own addresses of this machine, if it is not the host
 * @throws NAME_INVALID for a name that the user gave
 */
export function certificateNames(
  asked: readonly string[],
  facts: HostFacts,
  own: readonly string[],
): CertificateNames {
  const named = normaliseNames(asked);
  const taken = new Set(named.map(({ value }) => value));
  const claimed = dialable(facts.addresses, own);
  return { named, claimed: claimed.filter((address) => !taken.has(address)) };
}
