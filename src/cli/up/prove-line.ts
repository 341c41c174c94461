/** Proves from here that the line's certificate gets in, by every address, and that nothing else does. */
import {
  type Endpoint,
  type ProofSummary,
  planProof,
  prove,
  summarise,
  type Target,
} from "../../engine/index.ts";
import type { LineMode } from "../../line/index.ts";
import {
  issueClient,
  issueExpiredClient,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  readCertificate,
  type San,
} from "../../pki/index.ts";
import { probe } from "../../system/prober.ts";
import { resolveEndpoint } from "../../system/resolve-endpoint.ts";
import type { CertificateNames } from "./certificate-names.ts";
import type { Identity } from "./identity.ts";

const TIMEOUT_MS = 3_000;
const CONCURRENCY = 16;

/** What is to be proven. */
export interface ProofWanted {
  readonly identity: Identity;
  readonly names: CertificateNames;
  readonly port: number;
  /** In gateway mode, a certificate of the line's own CA is not enough. */
  readonly mode: LineMode;
  /** Ports on which no engine may answer. */
  readonly closedPorts: readonly number[];
  readonly now: number;
}

/** One address, and whether the line stands or falls with it. */
export interface AddressProof extends ProofSummary {
  readonly required: boolean;
}

async function credentials({ identity, mode, now }: ProofWanted) {
  const { privateKey: keyPem, publicKey } = makeKeyPair();
  // By the same name as ours: who looks at names alone would let it in.
  const subject = readCertificate(identity.ca).subject.replace(/^CN=/, "");
  const ca = await makeAuthority({ subject, now });
  const stranger = await openAuthority(ca);
  const who = { publicKey, commonName: "probe", now };
  return {
    ours: { certPem: identity.certificate, keyPem: identity.key },
    stranger: { certPem: await issueClient(stranger, who), keyPem },
    expired: { certPem: await issueExpiredClient(identity.authority, who), keyPem },
    ...(mode === "gateway" && {
      unlisted: { certPem: await issueClient(identity.authority, who), keyPem },
    }),
  };
}

async function targetsOf(names: readonly San[], port: number): Promise<Target[]> {
  const endpoints: Endpoint[] = names.map(({ value }) => ({ host: value, port }));
  return (await Promise.all(endpoints.map((endpoint) => resolveEndpoint(endpoint, TIMEOUT_MS)))).flat();
}

// A host's private address may be another machine's in our network: only what shows our server's certificate counts.
function isOurs({ verdicts }: ProofSummary): boolean {
  return verdicts.some((verdict) => verdict.case.kind === "ours" && verdict.ok);
}

/** A name may have addresses of a kind that this machine cannot reach at all (IPv6 without IPv6); one must be proven. */
function isOutOfReach(summary: ProofSummary, all: readonly ProofSummary[]): boolean {
  const { serverName } = summary.target;
  const provenElsewhere = all.some((one) => one.target.serverName === serverName && one.state === "proven");
  return summary.cause === "no-route" && provenElsewhere;
}

/** @returns one proof an address, in the order of the names */
export async function proveLine(wanted: ProofWanted): Promise<AddressProof[]> {
  const targets = await targetsOf(wanted.names.all, wanted.port);
  const cases = planProof({
    targets,
    formerPlainPorts: wanted.closedPorts,
    caPem: wanted.identity.ca,
    credentials: await credentials(wanted),
  });
  const verdicts = await prove(cases, probe, { concurrency: CONCURRENCY, timeoutMs: TIMEOUT_MS });
  const required = new Set(wanted.names.required.map((name) => name.value));
  const summaries = summarise(verdicts);
  return summaries.map((summary) => ({
    ...summary,
    required:
      isOurs(summary) || (required.has(summary.target.serverName) && !isOutOfReach(summary, summaries)),
  }));
}
