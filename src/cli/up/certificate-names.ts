/** Every name and address that the server's certificate must have. */
import type { HostFacts } from "../../facts/index.ts";
import { normaliseNames, type San } from "../../pki/index.ts";

/** Names the user answers for, and names the host told. */
export interface CertificateNames {
  /** The address of the line and `--san`: each must be proven from here. */
  readonly required: readonly San[];
  /** All, the host's own included: an address of a network that we are not in cannot be proven, only not disproven. */
  readonly all: readonly San[];
}

function valid(name: string): boolean {
  try {
    normaliseNames([name]);
    return true;
  } catch {
    return false; // a host may call itself what is no DNS name; nobody can dial that
  }
}

/**
 * @param asked the line's address and what the user gave
 * @throws NAME_INVALID for a name that the user gave
 */
export function certificateNames(asked: readonly string[], facts: HostFacts): CertificateNames {
  const required = normaliseNames(asked);
  const told = [...facts.addresses, ...facts.names].filter(valid);
  return { required, all: normaliseNames([...asked, ...told]) };
}
