/** Names for the server's certificate, and addresses that are only looked at. */
import type { HostFacts } from "../../facts/index.ts";
import { dialable } from "../../host/index.ts";
import { normaliseNames, type San } from "../../pki/index.ts";
import { ownAddresses } from "../../system/own-addresses.ts";

/** What the user named, and what the host claims. */
export interface CertificateNames {
  /** The line's address and `--san`: they make the certificate, and each must be proven from here. */
  readonly named: readonly San[];
  /** Addresses that the host says it has. Probed, never signed for: anybody can claim any address. */
  readonly claimed: readonly string[];
}

/**
 * @param asked the line's address and what the user gave
 * @param isLocal this machine's own addresses are the host's
 * @throws NAME_INVALID for a name that the user gave
 */
export function certificateNames(
  asked: readonly string[],
  facts: HostFacts,
  isLocal: boolean,
): CertificateNames {
  const named = normaliseNames(asked);
  const taken = new Set(named.map(({ value }) => value));
  const claimed = dialable(facts.addresses, isLocal ? [] : ownAddresses());
  return { named, claimed: claimed.filter((address) => !taken.has(address)) };
}
