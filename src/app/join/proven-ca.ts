/** The CA of a gateway that this machine has no certificate for yet, recognised by its key, which outlives its certificates. */
import { TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import { canonicalPem, isIssuedBy, readCertificate } from "../../pki/index.ts";
import type { JoinPort } from "./ports.ts";

/**
 * @param pem of a CA
 * @param pin SHA-256, hex: of its public key; or of this certificate, which is what pins were until November 2026
 */
export function isPinned(pem: string, pin: string): boolean {
  const { fingerprint, publicKeyFingerprint, isAuthority } = readCertificate(pem);
  if (fingerprint === pin) return true;
  return publicKeyFingerprint === pin && isAuthority && isIssuedBy(pem, pem);
}

/**
 * @param pin see {@link isPinned}
 * @param source where the pin is from, for the message
 * @returns PEM
 * @throws JOIN_HOST_UNPROVEN, JOIN_UNREACHABLE, JOIN_REFUSED
 */
export async function provenCa(
  gateway: Pick<JoinPort, "fetchCa">,
  endpoint: Endpoint,
  pin: string,
  source: string,
  hint: string,
): Promise<string> {
  const shown = await gateway.fetchCa(endpoint);
  if (isPinned(shown, pin)) return canonicalPem(shown);
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
