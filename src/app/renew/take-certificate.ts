/**
 * `renew --certificate`: a certificate that the operator of a native line has sent, after the line's CA was replaced. The new
 * CA is taken only if the one that this machine trusts has signed it, and only if both work: whoever sent the file is not
 * trusted for anything. Or one that the operator of a fleet has sent to a client of it: no host can renew that.
 */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type Credential,
  describeObservation,
  type Endpoint,
  type EngineVersionResult,
  formatEndpoint,
} from "../../engine/index.ts";
import { type Line, lineEndpoint } from "../../line/index.ts";
import {
  canonicalPem,
  certificateBlocks,
  followBundle,
  isClientCertificateFor,
  isIssuedBy,
  readBundle,
  readCertificate,
} from "../../pki/index.ts";
import { type LinePorts, refreshContextsOf } from "../lines/index.ts";
import { newCaOf, type TakenCa } from "./take-ca.ts";

const PROBE_MS = 8_000;
const MOST_BLOCKS = 8;

export interface TakePorts extends LinePorts {
  readonly clock: () => number;
  /** @throws CREDENTIAL_UNUSABLE; never because of network or peer */
  askEngine(endpoint: Endpoint, credential: Credential, timeoutMs: number): Promise<EngineVersionResult>;
}

/** Times are milliseconds since the epoch. */
export interface TakenCertificate {
  readonly line: string;
  readonly until: number;
  /** Null: the line has it already. */
  readonly ca: TakenCa | null;
  /** Docker contexts whose copies were replaced. */
  readonly contexts: readonly string[];
}

function refused(line: string, why: readonly string[], ...hints: readonly string[]): TetherdockError {
  return new TetherdockError("RENEW_REFUSED", `this certificate is not for the line "${line}" here`, {
    why,
    hints,
  });
}

const ASK = {
  line: "ask whoever set the line up for the file that tetherdock client revoke wrote for you",
  fleet: "ask an operator of the fleet for the file that tetherdock fleet client renew writes",
};
const anew = (line: string) =>
  `${shellJoin(["tetherdock", "down", line])}   # forgets the line here; then ask for a new invitation`;

function requireSent({ name, joined, job, mode }: Line, isOfFleet: boolean): void {
  if (joined && !job && (mode === "native" || isOfFleet)) return;
  throw new TetherdockError("RENEW_REFUSED", `the line "${name}" takes no certificate from a file`, {
    why: ["--certificate is for lines that were joined in native mode, and for clients of a fleet"],
    hints: [shellJoin(["tetherdock", "renew", name])],
  });
}

interface Kept {
  readonly ca: string;
  readonly key: string;
  /** Its certificates are issued by the fleet's CA, which clients do not have: the host tells whether it takes one. */
  readonly isOfFleet: boolean;
}

/** The line's own CA has not issued its certificate. */
function isFleets({ mode }: Line, ca: string, certificate: string): boolean {
  return mode === "gateway" && !readBundle(ca).authorities.some((one) => isIssuedBy(certificate, one));
}

/** @returns PEM @throws RENEW_REFUSED */
function verified(text: string, { ca: kept, key, isOfFleet }: Kept, line: string, now: number) {
  const blocks = certificateBlocks(text) ?? [];
  const ask = isOfFleet ? ASK.fleet : ASK.line;
  if (blocks.length === 0 || blocks.length > MOST_BLOCKS)
    throw refused(line, ["it has no certificates"], ask);
  const sent = blocks.find((pem) => isClientCertificateFor(pem, key));
  if (sent === undefined) throw refused(line, ["none in it is for this machine's key"], ask);
  if (readCertificate(sent).notAfter <= now) throw refused(line, ["it has expired"], ask);
  if (isOfFleet) return { ca: kept, certificate: canonicalPem(sent) };
  const ca = followBundle(blocks.filter((pem) => pem !== sent).join("\n"), kept, now) ?? kept;
  const [first] = readBundle(ca).authorities;
  if (first === undefined || !isIssuedBy(sent, first))
    throw refused(
      line,
      ["the CA that signed it is not certified by the CA that this machine trusts", "nothing was changed"],
      ask,
      anew(line),
    );
  return { ca, certificate: canonicalPem(sent) };
}

/**
 * `ca.pem` is written first. Interrupted in between, the same command ends it: the file's CA is the line's then.
 * @param text PEM, from somebody else
 * @throws RENEW_REFUSED, LINE_UNKNOWN, LINE_BROKEN, CERTIFICATE_UNREADABLE, FILE_FAILED
 */
export async function takeCertificate(
  ports: TakePorts,
  name: string,
  text: string,
): Promise<TakenCertificate> {
  const { lines } = ports;
  const line = await lines.read(name);
  const [kept, key, before] = await Promise.all([
    lines.readFile(name, "docker/ca.pem"),
    lines.readFile(name, "docker/key.pem"),
    lines.readFile(name, "docker/cert.pem"),
  ]);
  const isOfFleet = isFleets(line, kept, before);
  requireSent(line, isOfFleet);
  const { ca, certificate } = verified(text, { ca: kept, key, isOfFleet }, name, ports.clock());
  const endpoint = lineEndpoint(line);
  const identity = { certPem: certificate, keyPem: key };
  const asked = await ports.askEngine(endpoint, { kind: "tls", caPem: ca, identity }, PROBE_MS);
  if (!asked.ok)
    throw new TetherdockError(
      "RENEW_REFUSED",
      `the certificate does not work at ${formatEndpoint(endpoint)}`,
      {
        why: [describeObservation(asked.seen), "nothing was changed: the same command can be repeated"],
        hints: [shellJoin(["tetherdock", "doctor", name])],
      },
    );
  if (ca !== kept) await lines.update(name, "docker/ca.pem", ca);
  await lines.update(name, "docker/cert.pem", certificate);
  const contexts = await refreshContextsOf(ports, line);
  return { line: name, until: readCertificate(certificate).notAfter, ca: newCaOf(ca, kept), contexts };
}
