/** Asks a host to sign, which only a line's host can do, and gathers what the question shows. */
import { SECOND_MS, TetherdockError } from "../../base/index.ts";
import type { HostFacts, HostShell } from "../../facts/index.ts";
import { type HostSeen, isAtDestination, isProof, lineOnHost, proofScript } from "../../host/index.ts";
import type { Line } from "../../line/index.ts";
import { publicKeyFingerprint } from "../../pki/index.ts";
import type { OpenHost, RandomPort } from "./ports.ts";

const NONCE_BYTES = 32;
const PROOF_TIMEOUT_MS = 20 * SECOND_MS;

async function holdsKey(
  random: RandomPort,
  shell: HostShell,
  publicKey: string,
  lineId: string,
): Promise<boolean> {
  const challenge = { lineId, nonce: random.hex(NONCE_BYTES) };
  const { status, stdout } = await shell.run(proofScript(challenge), PROOF_TIMEOUT_MS);
  return status === 0 && isProof(publicKey, stdout, challenge);
}

/**
 * Before a certificate is signed for the host's public key, which could be another host's.
 * @throws HOST_KEY_NOT_HELD
 */
export async function requireKeyHeld(
  random: RandomPort,
  shell: HostShell,
  publicKey: string,
  lineId: string,
): Promise<void> {
  if (await holdsKey(random, shell, publicKey, lineId)) return;
  throw new TetherdockError(
    "HOST_KEY_NOT_HELD",
    "the host cannot sign with the server key that it presents",
    {
      why: ["a certificate is issued only for a key that the host holds; this may be another host's key"],
      hints: [
        "openssl pkey -in /etc/tetherdock/server-key.pem -noout -text   # on the host, as root: is it a P-256 key?",
        "openssl version; ssh -V   # on the host: one of them must be able to sign (OpenSSH 8.1 or newer)",
      ],
    },
  );
}

/** Each costs the host a signature. More lines than this share a server key only where somebody copied their files. */
const MAX_ASKED = 4;

/**
 * Lines that have recorded the server key, the likeliest first. Several may have, and a host that holds the key signs for
 * each of them: then its journal, and where the line was made, tell which is meant.
 */
function candidates(lines: readonly Line[], seen: HostSeen): Line[] {
  const { serverKey, claim } = seen;
  const rank = (line: Line) => (line.id === claim?.lineId ? 0 : isAtDestination(line, seen) ? 1 : 2);
  return lines
    .filter(({ host }) => serverKey !== null && host.serverKeys.includes(serverKey))
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, MAX_ASKED);
}

/** @param lines of this laptop, with what an `up` that was cut off left pending */
export async function meetHost(
  random: RandomPort,
  { shell, place }: OpenHost,
  target: string | null,
  facts: HostFacts,
  lines: readonly Line[],
): Promise<HostSeen> {
  const { publicKey } = facts.ours;
  const serverKey = publicKey === null ? null : publicKeyFingerprint(publicKey);
  const seen: HostSeen = { target, ssh: place, serverKey, proven: null, claim: lineOnHost(facts) };
  if (publicKey === null) return seen;
  for (const { id } of candidates(lines, seen))
    if (await holdsKey(random, shell, publicKey, id)) return { ...seen, proven: id };
  return seen;
}
