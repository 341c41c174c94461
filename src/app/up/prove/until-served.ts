/** A gateway takes a new certificate over while it runs: the proof must not be faster than that. */
import type { Line } from "../../../line/index.ts";
import { readCertificate } from "../../../pki/index.ts";
import type { UpPorts } from "../ports.ts";
import type { Identity } from "../prepared.ts";

const PATIENCE_MS = 5_000;
const PAUSE_MS = 100;
const PROBE_MS = 2_000;

/**
 * Waits until the line shows a certificate. Comes back all the same when it does not: what is served then is the
 * proof's to judge.
 * @param certificate PEM
 */
export async function untilServed(
  { outside, timer }: Pick<UpPorts, "outside" | "timer">,
  { address, port }: Line,
  { ca, certificate: certPem, key: keyPem }: Identity,
  certificate: string,
): Promise<void> {
  const { fingerprint } = readCertificate(certificate);
  const deadline = timer.now() + PATIENCE_MS;
  do {
    const seen = await outside.probe({
      endpoint: { host: address, port },
      serverName: address,
      credential: { kind: "tls", caPem: ca, identity: { certPem, keyPem } },
      timeoutMs: PROBE_MS,
    });
    const shown = "tls" in seen ? seen.tls.certificatePem : undefined;
    if (shown && readCertificate(shown).fingerprint === fingerprint) return;
    await timer.pause(PAUSE_MS);
  } while (timer.now() < deadline);
}
