/** Reads the facts in certificates with node:crypto only, because reading must not load the issuing library. */
import { createHash, X509Certificate } from "node:crypto";
import { json, TetherdockError } from "../base/index.ts";
import { spkiFingerprint } from "./keys/spki-fingerprint.ts";
import { canonicalIp } from "./names/ip-address.ts";
import type { San } from "./names/parse-name.ts";

/** The content of a certificate, not verified. */
export interface CertificateFacts {
  /** `CN=…`; several attributes are joined by ", ". For people: compare issuers with `isIssuedBy`. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal, lower case, no leading zeros. */
  readonly serial: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** DNS names and addresses of the subjectAltName, in its order. */
  readonly names: readonly San[];
  /** Extended key usages: `serverAuth`, `clientAuth`, or the OID of another. */
  readonly usages: readonly string[];
  /** SHA-256 of the certificate's DER, hexadecimal, lower case. */
  readonly fingerprint: string;
  /** SHA-256 of the SubjectPublicKeyInfo's DER: the same for every certificate of one key. */
  readonly publicKeyFingerprint: string;
  /** Whether it may sign other certificates. */
  readonly isAuthority: boolean;
}

const USAGES: Readonly<Record<string, string>> = {
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth",
};

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Node quotes values that contain commas or quotes as JSON strings, so a hostile name cannot look like two. */
const ENTRY = /(DNS|IP Address):("(?:\\.|[^"\\])*"|[^,]*)/y;
const OTHER_ENTRY = /[^:,]+:("(?:\\.|[^"\\])*"|[^,]*)/y;

function readEntry(kind: string, raw: string): San {
  const value = raw.startsWith('"') ? json.textOf(json.parse(raw)) : raw;
  if (kind === "DNS") return { type: "dns", value: value.toLowerCase() };
  return { type: "ip", value: canonicalIp(value) ?? value };
}

function namesOf(subjectAltName: string): San[] {
  const names: San[] = [];
  for (let at = 0; at < subjectAltName.length; at += ", ".length) {
    ENTRY.lastIndex = OTHER_ENTRY.lastIndex = at;
    const match = ENTRY.exec(subjectAltName);
    if (match?.[1] !== undefined && match[2] !== undefined) names.push(readEntry(match[1], match[2]));
    at += match?.[0].length ?? OTHER_ENTRY.exec(subjectAltName)?.[0].length ?? subjectAltName.length;
  }
  return names;
}

function unreadable(why: string, cause?: unknown): TetherdockError {
  return new TetherdockError("CERTIFICATE_UNREADABLE", "the certificate cannot be read", {
    why: [why],
    hints: ["openssl x509 -noout -text -in cert.pem"],
    cause,
  });
}

/**
 * @param pem one certificate; with a chain, the first is read
 * @throws CERTIFICATE_UNREADABLE when there is none
 */
export function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw unreadable(
      pem.includes("-----BEGIN CERTIFICATE-----") ? "the PEM block is damaged" : "it is not PEM",
      cause,
    );
  }
}

/**
 * Does not use `validFromDate` and `validToDate`: for a time that OpenSSL cannot read, Node computes them from
 * uninitialised memory, so that about one read in a hundred returns a random date.
 * @returns milliseconds since the epoch; NaN for a time that cannot be read
 */
export function validityOf({ validFrom, validTo }: Pick<X509Certificate, "validFrom" | "validTo">) {
  return { notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) };
}

/** For a name without parts, Node returns undefined, whatever its types say. */
const nameOf = (text: string | undefined): string => (text ?? "").replaceAll("\n", ", ");

function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    serial: certificate.serialNumber.toLowerCase().replace(/^0+(?=.)/, ""),
    ...validityOf(certificate),
    names: namesOf(certificate.subjectAltName ?? ""),
    usages: (certificate.keyUsage ?? []).map((oid) => USAGES[oid] ?? oid),
    fingerprint: sha256(certificate.raw),
    publicKeyFingerprint: spkiFingerprint(certificate.publicKey),
    isAuthority: certificate.ca,
  };
}

/** OpenSSL accepts a certificate whose times, key or names are invalid, and fails only when they are read. */
function readFacts(certificate: X509Certificate): CertificateFacts {
  try {
    return factsOf(certificate);
  } catch (cause) {
    throw unreadable("its key or its names are damaged, or of a kind that OpenSSL does not know", cause);
  }
}

/**
 * Reads the content of a certificate; verifies nothing.
 * @param pem one certificate; with a chain, the first is read
 * @returns its facts
 * @throws CERTIFICATE_UNREADABLE when there is none, or something in it is damaged
 * @see RFC 5280 §4.1, §4.2
 */
export function readCertificate(pem: string): CertificateFacts {
  const facts = readFacts(parseCertificate(pem));
  if (Number.isNaN(facts.notBefore + facts.notAfter)) throw unreadable("its validity dates are invalid");
  return facts;
}

/**
 * One certificate and nothing else, as this machine writes it: for a certificate that another machine has sent.
 * @throws CERTIFICATE_UNREADABLE
 */
export function canonicalPem(pem: string): string {
  return parseCertificate(pem).toString();
}

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const MOST_CHARACTERS = 64 * 1024;

/** @param text from somebody else @returns the certificates in it, PEM, unread; null: the text is too long */
export const certificateBlocks = (text: string): readonly string[] | null =>
  text.length > MOST_CHARACTERS ? null : (text.match(BLOCK) ?? []);
