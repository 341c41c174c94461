/**
 * The gateway's own CA, for clients that join by invitation. Only this gateway trusts it, for client certificates only,
 * and only while the line's CA is the one that it was made under. It is beside the client list, in one file, so that
 * certificate and key always belong together. Its signature lets a key through TLS; the client list decides the rest.
 */
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { type Clock, DAY_MS, inOneLine, json, shellJoin, TetherdockError } from "../../../base/index.ts";
import type { Issuer } from "../../../gateway/index.ts";
import {
  isIssuedBy,
  issueClient,
  makeAuthority,
  openAuthority,
  readCertificate,
  type StoredAuthority,
} from "../../../pki/index.ts";
import { writeAtomically } from "../../files/atomic-file.ts";
import { readIfThere } from "../../files/file-error.ts";

interface IssuingCa extends StoredAuthority {
  /** SHA-256 of the certificate of the line's CA. */
  readonly lineCa: string;
}

const fields = json.object<IssuingCa & { readonly version: number }>({
  version: { read: json.only(1) },
  lineCa: { read: json.sha256 },
  certificate: { read: json.words(8_192) },
  privateKey: { read: json.words(8_192) },
});

/** @param clients path of the client list */
export function issuingCaPath(clients: string): string {
  return join(dirname(clients), "issuing-ca.json");
}

/**
 * @param lineCa the line's CA, PEM
 * @returns null when there is none, or one of another line
 * @throws GATEWAY_TLS_UNUSABLE, CERTIFICATE_UNREADABLE, FILE_FAILED
 */
export async function readIssuingCa(path: string, lineCa: string): Promise<StoredAuthority | null> {
  const text = await readIfThere(path);
  if (text === undefined) return null;
  const read = json.read(text, fields);
  if ("problems" in read)
    throw new TetherdockError("GATEWAY_TLS_UNUSABLE", `cannot read the gateway's own CA ${path}`, {
      why: read.problems,
      hints: [`${shellJoin(["rm", path])}   # clients that have joined then need a new invitation`],
    });
  return read.value.lineCa === readCertificate(lineCa).fingerprint ? read.value : null;
}

export interface IssuerParts {
  readonly path: string;
  readonly clock: Clock;
  /** The line's CA in force, PEM. */
  readonly lineCa: () => string;
  /** Has the listener trust a CA that was just made. */
  readonly onMade: () => Promise<void>;
  /** Whether the gateway's configuration allows a CA here. */
  readonly mayIssue: () => boolean;
}

/** @returns why somebody with this key could not connect with the certificate */
function problemOf(certificate: string, fingerprint: string, lineCa: string, now: number): string | null {
  try {
    const facts = readCertificate(certificate);
    if (facts.publicKeyFingerprint !== fingerprint) return "it is for another key";
    if (!isIssuedBy(certificate, lineCa)) return "it is not of the line's CA";
    if (!facts.usages.includes("clientAuth") || facts.isAuthority) return "it is not for a client";
    return facts.notAfter <= now ? "it has expired" : null;
  } catch (error) {
    return inOneLine(error);
  }
}

export function createIssuer({ path, clock, lineCa, onMade, mayIssue }: IssuerParts): Issuer {
  const requireAllowed = () => {
    if (!mayIssue()) throw new Error("this gateway may have no CA of its own");
  };
  const make = async () => {
    const subject = `tetherdock gateway ${randomBytes(8).toString("hex")}`;
    const made = await makeAuthority({ subject, now: clock(), clientsOnly: true });
    const stored = { version: 1, lineCa: readCertificate(lineCa()).fingerprint, ...made };
    await writeAtomically(path, `${JSON.stringify(stored, null, 2)}\n`, 0o600);
    await onMade();
  };
  return {
    get mayIssue() {
      return mayIssue();
    },
    problemOf: (certificate, fingerprint) => problemOf(certificate, fingerprint, lineCa(), clock()),
    async prepare() {
      requireAllowed();
      if ((await readIssuingCa(path, lineCa())) === null) await make();
    },
    async issue(publicKey, name, expires, lifeMs) {
      requireAllowed();
      const stored = await readIssuingCa(path, lineCa());
      if (stored === null) throw new Error("the CA that was made with the invitation is gone");
      const authority = await openAuthority(stored);
      // A day longer than the access, so that the gateway can say why it refuses the client, as with client add.
      const now = clock();
      const ends = [
        ...(expires === null ? [] : [Date.parse(expires) + DAY_MS]),
        ...(lifeMs === null ? [] : [now + lifeMs]),
      ];
      const until = ends.length === 0 ? {} : { until: Math.min(...ends) };
      return issueClient(authority, { publicKey, commonName: name, now, ...until });
    },
  };
}
