/** The laptop's part of a line: its CA, client key and certificate; made for a new line, read for an existing one. */
import type { Line, LineFile } from "../../../line/index.ts";
import {
  type Authority,
  authorityDue,
  dueForRenewal,
  isLocked,
  issueClient,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  publicKeyOf,
  readCertificate,
  renewAuthority,
} from "../../../pki/index.ts";
import type { UpPorts } from "../ports.ts";
import type { Identity } from "../prepared.ts";

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
  const made = { ca: ca.certificate, caKey: ca.privateKey, caEnded: null };
  return { id, ...made, certificate, key, authority, fresh: true };
}

/** If nothing is signed, a temporary CA takes the place of an encrypted one. */
async function standIn(ports: UpPorts): Promise<Authority> {
  return openAuthority(await makeAuthority({ subject: "dry run", now: ports.clock() }));
}

/**
 * Reads a line's identity. The CA gets a new certificate in its last two years, and the client in the last days of its
 * own, each for the same key.
 * @param passphrase asked for only when the CA key is encrypted; null where nothing will be signed: then it stays locked
 * @throws LINE_BROKEN, CA_PASSPHRASE_WRONG, CA_KEY_MISMATCH, CA_NOT_YET_VALID
 */
export async function readIdentity(
  ports: UpPorts,
  line: Line,
  passphrase: (() => Promise<string>) | null,
): Promise<Identity> {
  const read = (file: LineFile) => ports.lines.readFile(line.name, file);
  const [ca, caKey, key, certificate] = await Promise.all([
    read("docker/ca.pem"),
    read("ca/ca-key.pem"),
    read("docker/key.pem"),
    read("docker/cert.pem"),
  ]);
  const now = ports.clock();
  const { notAfter } = readCertificate(ca);
  const caEnded = authorityDue({ notAfter }, now) ? notAfter : null;
  const kept = { id: line.id, caKey, key, caEnded };
  const isCaLocked = isLocked({ privateKey: caKey });
  if (isCaLocked && !passphrase)
    return { ...kept, ca, certificate, authority: await standIn(ports), fresh: false };
  const locked = isCaLocked && passphrase ? { passphrase: await passphrase() } : {};
  const opened = await openAuthority({ certificate: ca, privateKey: caKey, ...locked });
  const authority = caEnded === null ? opened : await renewAuthority(opened, now);
  const fresh = dueForRenewal(readCertificate(certificate), authority.facts, now);
  const current = fresh
    ? await issueClient(authority, { publicKey: publicKeyOf(key), commonName: ports.laptop.operator(), now })
    : certificate;
  return { ...kept, ca: authority.certificate, certificate: current, authority, fresh };
}
