/** The laptop's part of a line: its CA, client key and certificate; made for a new line, read for an existing one. */
import type { Line, LineFile, LineMode } from "../../../line/index.ts";
import {
  type Authority,
  dueForRenewal,
  isIssuedBy,
  isLocked,
  issueClient,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  publicKeyOf,
  readCertificate,
} from "../../../pki/index.ts";
import { readLineFileIfThere } from "../../lines/index.ts";
import type { UpPorts } from "../ports.ts";
import type { CaChange, Identity } from "../prepared.ts";
import { type CaStep, type CaWish, caStep, type PossibleStep } from "./ca-step.ts";
import { lineCa } from "./line-ca.ts";
import { type OtherCa, parseOtherCa } from "./other-ca.ts";

/** @param passphrase encrypts the CA key; undefined leaves it plain */
export async function makeIdentity(
  ports: UpPorts,
  name: string,
  passphrase: string | undefined,
): Promise<Identity> {
  const now = ports.clock();
  const id = ports.random.hex(8);
  const locked = passphrase === undefined ? {} : { passphrase };
  const ca = await makeAuthority({ subject: `tetherdock ${name} ${id}`, now, ...locked });
  const authority = await openAuthority({ ...ca, ...locked });
  const { privateKey: key, publicKey } = makeKeyPair();
  const certificate = await issueClient(authority, { publicKey, commonName: ports.laptop.operator(), now });
  const made = { ca: ca.certificate, caKey: ca.privateKey, caChange: unchanged(ca.certificate) };
  return { id, ...made, certificate, key, authority, fresh: true };
}

/** Of a line whose CA stays as it is. */
const unchanged = (hostCa: string): CaChange => ({
  ...{ state: "one", atOnce: null, hostCa, reason: null, isMade: false, next: null, staged: null, kept: [] },
});

/** If nothing is signed, a temporary CA takes the place of an encrypted one. */
async function standIn(ports: UpPorts): Promise<Authority> {
  return openAuthority(await makeAuthority({ subject: "dry run", now: ports.clock() }));
}

/** @throws LINE_BROKEN, FILE_FAILED */
async function readOther({ lines }: UpPorts, { name }: Line): Promise<OtherCa | null> {
  const text = await readLineFileIfThere(lines, name, "ca/other-ca.pem");
  return text === undefined ? null : parseOtherCa(text, name);
}

/** How its CA is read, and what is wanted of it. */
export interface CaRequest {
  /** Asked for only when the CA key is encrypted; null where nothing will be signed: then it stays locked. */
  readonly passphrase: (() => Promise<string>) | null;
  readonly mode: LineMode;
  readonly wish: CaWish;
  /** Clients that a new CA in native mode is to shut out. */
  readonly revokes: readonly string[];
  /** The host's `ca.pem`. */
  readonly hostCa: string | null;
  /** Of a request that leads nowhere. */
  refuse(step: Exclude<CaStep, PossibleStep>): Error;
}

/**
 * Reads a line's identity. The CA gets a new certificate in its last two years, and the client in the last days of its
 * own, each for the same key.
 * @throws LINE_BROKEN, CA_PASSPHRASE_WRONG, CA_KEY_MISMATCH, CA_NOT_YET_VALID
 */
export async function readIdentity(
  ports: UpPorts,
  line: Line,
  { passphrase, refuse, revokes, ...wanted }: CaRequest,
): Promise<Identity> {
  const read = (file: LineFile) => ports.lines.readFile(line.name, file);
  const [ca, caKey, key, certificate, other] = await Promise.all([
    read("docker/ca.pem"),
    read("ca/ca-key.pem"),
    read("docker/key.pem"),
    read("docker/cert.pem"),
    readOther(ports, line),
  ]);
  const now = ports.clock();
  const step = caStep({ ...wanted, kept: ca, other, now });
  if (step.kind === "nothing-offered" || step.kind === "too-soon" || step.kind === "behind")
    throw refuse(step);
  const isEncrypted = isLocked({ privateKey: caKey });
  const isClosed = isEncrypted && passphrase === null;
  const locked = isEncrypted && passphrase !== null ? { passphrase: await passphrase() } : {};
  // What was interrupted may have left the next one's key already; the old one's is not needed then.
  const isKnown = (step.kind === "switch" || step.kind === "replace") && step.next !== null;
  const opens = isKnown ? step.next : { certificate: ca, privateKey: caKey };
  const old = isClosed ? await standIn(ports) : await openAuthority({ ...opens, ...locked });
  const subject = `tetherdock ${line.name} ${ports.random.hex(8)}`;
  const made = await lineCa({ ca, caKey, old, subject, revokes, now, ...locked }, step, isClosed);
  const { authority, ...change } = made;
  const kept = { id: line.id, key, ca: change.ca, caKey: change.caKey, caChange: change, authority };
  const isDue = dueForRenewal(readCertificate(certificate), authority.facts, now);
  // Of the CA that was replaced: it is valid, but only as long as the host trusts both.
  if (isClosed || !(isDue || !isIssuedBy(certificate, authority.certificate)))
    return { ...kept, certificate, fresh: false };
  const publicKey = publicKeyOf(key);
  const current = await issueClient(authority, { publicKey, commonName: ports.laptop.operator(), now });
  return { ...kept, certificate: current, fresh: true };
}
