/** Proves from this machine that the line's certificate gets in at every address, and nothing else does. */
import { type Endpoint, planProof, prove, summarise, type Target } from "../../../engine/index.ts";
import { type AddressProof, judgeAddresses } from "../../../host/index.ts";
import type { LineMode } from "../../../line/index.ts";
import { anyClientOf, untrustedCertificate, wrongCertificates } from "../../probe/index.ts";
import type { OutsidePort } from "../ports.ts";
import type { CertificateNames, Identity } from "../prepared.ts";

const TIMEOUT_MS = 3_000;
const CONCURRENCY = 16;

/** What is to be proven. */
export interface ProofWanted {
  readonly identity: Identity;
  readonly names: CertificateNames;
  /** SHA-256 of the server key that the host was proven to hold: only who shows it is the host. */
  readonly serverKey: string;
  readonly port: number;
  /** In gateway mode, a certificate of the line's own CA is not enough. */
  readonly mode: LineMode;
  /** Ports on which no engine may answer. */
  readonly closedPorts: readonly number[];
  readonly now: number;
}

async function credentials({ identity, mode, now }: ProofWanted) {
  const former = identity.caChange.atOnce?.former ?? null;
  const { expired, unlisted } = await wrongCertificates(identity.authority, mode, now);
  return {
    line: { certPem: identity.certificate, keyPem: identity.key },
    untrusted: await untrustedCertificate(identity.ca, now),
    expired,
    ...(unlisted && { unlisted }),
    ...(former && { former: await anyClientOf(former, now) }),
  };
}

/** A name with more addresses than this is a service, not a host. For each name: none may go unproven because of another. */
export const MAX_ADDRESSES_PER_NAME = 32;

interface Targets {
  readonly named: readonly Target[];
  readonly claimed: readonly Target[];
}

async function targetsOf(
  outside: OutsidePort,
  { named, claimed }: CertificateNames,
  port: number,
): Promise<Targets> {
  const endpoints: Endpoint[] = named.map(({ value }) => ({ host: value, port }));
  const resolved = await Promise.all(endpoints.map((endpoint) => outside.resolve(endpoint, TIMEOUT_MS)));
  const own = resolved.flatMap((targets) => targets.slice(0, MAX_ADDRESSES_PER_NAME));
  const known = new Set(own.map(({ endpoint }) => endpoint.host));
  // By a name that the certificate has: the key shows whose address it is.
  const serverName = named[0]?.value ?? "";
  const others = claimed.filter((host) => !known.has(host));
  return { named: own, claimed: others.map((host) => ({ endpoint: { host, port }, serverName })) };
}

/** @returns one proof an address, in the order of the names */
export async function proveLine(outside: OutsidePort, wanted: ProofWanted): Promise<AddressProof[]> {
  const targets = await targetsOf(outside, wanted.names, wanted.port);
  const cases = planProof({
    targets: [...targets.named, ...targets.claimed],
    formerPlainPorts: wanted.closedPorts,
    caPem: wanted.identity.ca,
    credentials: await credentials(wanted),
  });
  const verdicts = await prove(cases, outside.probe, { concurrency: CONCURRENCY, timeoutMs: TIMEOUT_MS });
  return judgeAddresses(summarise(verdicts), new Set(targets.claimed), wanted.serverKey);
}
