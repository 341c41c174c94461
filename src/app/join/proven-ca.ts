/** The CA of a gateway that this machine has no certificate for yet, recognised by its key, which outlives its certificates. */
import { TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import { canonicalPem, isIssuedBy, readCertificate } from "../../pki/index.ts";
import type { JoinPort } from "./ports.ts";

/**
 * @param pem of a CA
 * @param pins SHA-256, hex: of its public key; or of this certificate, which is what pins were until November 2026
 */
export function isPinned(pem: string, pins: readonly string[]): boolean {
  const { fingerprint, publicKeyFingerprint, isAuthority } = readCertificate(pem);
  if (pins.includes(fingerprint)) return true;
  return pins.includes(publicKeyFingerprint) && isAuthority && isIssuedBy(pem, pem);
}

/**
 * @param pins see {@link isPinned}
 * @param source where they are from, for the message
 * @returns PEM
 * @throws JOIN_HOST_UNPROVEN, JOIN_UNREACHABLE, JOIN_REFUSED
 */
export async function provenCa(
  gateway: Pick<JoinPort, "fetchCa">,
  endpoint: Endpoint,
  pins: readonly string[],
  source: string,
  hint: string,
): Promise<string> {
  const shown = await gateway.fetchCa(endpoint);
  if (isPinned(shown, pins)) return canonicalPem(shown);
  throw new TetherdockError(
    "JOIN_HOST_UNPROVEN",
    `${formatEndpoint(endpoint)} is not the host of ${source}`,
    {
      why: [
        "it shows another CA: somebody intercepts the connection, or the host was set up anew",
        "the token was not sent",
      ],
      hints: [hint],
    },
  );
}
