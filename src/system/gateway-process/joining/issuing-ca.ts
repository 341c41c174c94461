/**
 * The gateway's own CA, for clients that join by invitation. Only this gateway trusts it, for client certificates only,
 * and only while the line's CA has the key that it was made under. It is beside the client list, in one file, so that
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
  readBundle,
  readCertificate,
  type StoredAuthority,
} from "../../../pki/index.ts";
import { writeAtomically } from "../../files/atomic-file.ts";
import { readIfThere } from "../../files/file-error.ts";

interface IssuingCa extends StoredAuthority {
  readonly version: number;
  /** SHA-256 of the public key of the line's CA. */
  readonly lineCaKey: string;
}

const authority: json.Fields<StoredAuthority> = {
  certificate: { read: json.words(8_192) },
  privateKey: { read: json.words(8_192) },
};

const readCurrent = json.object<IssuingCa>({
  version: { read: json.only(2) },
  lineCaKey: { read: json.sha256 },
  ...authority,
});

/** Until November 2026 it was bound to the certificate of the line's CA, by its SHA-256. */
const readFirstVersion = json.object<StoredAuthority & { version: number; lineCa: string }>({
  version: { read: json.only(1) },
  lineCa: { read: json.sha256 },
  ...authority,
});

/** @param clients path of the client list */
export function issuingCaPath(clients: string): string {
  return join(dirname(clients), "issuing-ca.json");
}

/**
 * @param lineCas the line's CAs, PEM: while one replaces the other, it counts under both
 * @returns null when there is none, or one of another line
 * @throws GATEWAY_TLS_UNUSABLE, CERTIFICATE_UNREADABLE, FILE_FAILED
 */
export async function readIssuingCa(path: string, lineCas: string): Promise<StoredAuthority | null> {
  const text = await readIfThere(path);
  if (text === undefined) return null;
  const cas = readBundle(lineCas).authorities.map(readCertificate);
  const first = json.read(text, readFirstVersion);
  if ("value" in first)
    return cas.some(({ fingerprint }) => fingerprint === first.value.lineCa) ? first.value : null;
  const read = json.read(text, readCurrent);
  if ("problems" in read)
    throw new TetherdockError("GATEWAY_TLS_UNUSABLE", `cannot read the gateway's own CA ${path}`, {
      why: read.problems,
      hints: [`${shellJoin(["rm", path])}   # clients that have joined then need a new invitation`],
    });
  const { lineCaKey } = read.value;
  return cas.some(({ publicKeyFingerprint }) => publicKeyFingerprint === lineCaKey) ? read.value : null;
}

const format = ({ certificate, privateKey }: StoredAuthority, lineCa: string): string => {
  const lineCaKey = readCertificate(lineCa).publicKeyFingerprint;
  const kept: IssuingCa = { version: 2, lineCaKey, certificate, privateKey };
  return `${JSON.stringify(kept, null, 2)}\n`;
};

/**
 * Binds it to the key of the line's first CA, while it counts under one of them: one of the first version is bound to a
 * certificate, and one from before the CA was replaced to the other key.
 */
export async function bindToKey(path: string, lineCas: string): Promise<void> {
  const kept = await readIssuingCa(path, lineCas);
  if (kept === null) return;
  const text = format(kept, lineCas);
  if ((await readIfThere(path)) !== text) await writeAtomically(path, text, 0o600);
}

export interface IssuerParts {
  readonly path: string;
  readonly clock: Clock;
  /** The line's CA in force, PEM. */
  readonly lineCa: () => string;
  /** The same with the CA that replaces it, or that it replaces. */
  readonly lineCas: () => string;
  /** Has the listener trust a CA that was just made. */
  readonly onMade: () => Promise<void>;
  /** Whether the gateway's configuration allows a CA here. */
  readonly mayIssue: () => boolean;
}

/** @returns why somebody with this key could not connect with the certificate */
function problemOf(certificate: string, fingerprint: string, lineCas: string, now: number): string | null {
  try {
    const facts = readCertificate(certificate);
    if (facts.publicKeyFingerprint !== fingerprint) return "it is for another key";
    if (!readBundle(lineCas).authorities.some((ca) => isIssuedBy(certificate, ca)))
      return "it is not of the line's CA";
    if (!facts.usages.includes("clientAuth") || facts.isAuthority) return "it is not for a client";
    return facts.notAfter <= now ? "it has expired" : null;
  } catch (error) {
    return inOneLine(error);
  }
}

export function createIssuer({ path, clock, lineCas, onMade, mayIssue }: IssuerParts): Issuer {
  const requireAllowed = () => {
    if (!mayIssue()) throw new Error("this gateway may have no CA of its own");
  };
  const make = async () => {
    const subject = `tetherdock gateway ${randomBytes(8).toString("hex")}`;
    const made = await makeAuthority({ subject, now: clock(), clientsOnly: true });
    await writeAtomically(path, format(made, lineCas()), 0o600);
    await onMade();
  };
  return {
    get mayIssue() {
      return mayIssue();
    },
    problemOf: (certificate, fingerprint) => problemOf(certificate, fingerprint, lineCas(), clock()),
    async prepare() {
      requireAllowed();
      if ((await readIssuingCa(path, lineCas())) === null) await make();
    },
    async issue(publicKey, name, expires, lifeMs) {
      requireAllowed();
      const stored = await readIssuingCa(path, lineCas());
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
