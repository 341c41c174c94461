/** The CA of a gateway that this machine has no certificate for yet, recognised by its fingerprint. */
import { TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import { canonicalPem, readCertificate } from "../../pki/index.ts";
import type { JoinPort } from "./ports.ts";

/**
 * @param pin SHA-256 of the CA certificate, hex
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
  if (readCertificate(shown).fingerprint === pin) return canonicalPem(shown);
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
