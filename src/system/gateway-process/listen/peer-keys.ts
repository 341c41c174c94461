/** Finds the key of a client's certificate. Exporting it costs as much as three requests, so the result is cached. */
import type { TLSSocket } from "node:tls";
import {
  isIssuedBy,
  publicKeyFingerprint,
  readCertificate,
  spkiFingerprint,
  validityOf,
} from "../../../pki/index.ts";

/** What the gateway needs from a certificate that TLS has verified. */
export interface PeerKey {
  /** SHA-256 of the SubjectPublicKeyInfo, hexadecimal. */
  readonly fingerprint: string;
  /** ms since the epoch */
  readonly notAfter: number;
}

/** Many more than the clients of one host. */
const MOST = 4_096;

export class PeerKeys {
  readonly #known = new Map<string, PeerKey>();

  /** @param socket with a verified client certificate */
  of(socket: TLSSocket): PeerKey {
    const certificate = socket.getPeerX509Certificate();
    if (!certificate) return { fingerprint: "", notAfter: 0 };
    const name = certificate.fingerprint256;
    const known = this.#known.get(name);
    if (known) return known;
    const { notAfter } = validityOf(certificate);
    const key = { fingerprint: spkiFingerprint(certificate.publicKey), notAfter };
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(name, key);
    return key;
  }

  clear(): void {
    this.#known.clear();
  }
}

/** The key of a certificate that TLS has not verified, which may be of any kind. Its peer holds the private key. */
export function publicKeyOf(socket: TLSSocket): { publicKey: string | null; fingerprint: string } {
  try {
    const key = socket.getPeerX509Certificate()?.publicKey;
    const publicKey = key?.export({ type: "spki", format: "pem" }).toString() ?? "";
    const fingerprint = publicKeyFingerprint(publicKey);
    return fingerprint === null ? { publicKey: null, fingerprint: "" } : { publicKey, fingerprint };
  } catch {
    return { publicKey: null, fingerprint: "" };
  }
}

/** A client certificate of one of our CAs, whatever its dates. */
export interface OurCertificate {
  /** SHA-256. */
  readonly fingerprint: string;
  /** ms since the epoch */
  readonly notAfter: number;
}

/**
 * Verified here and not by TLS, which tells of an expired certificate only that, and not whether its CA is ours.
 * @param trusted CAs, PEM
 * @returns null: it is another's, not for clients, or cannot be read
 */
export function ourCertificateOf(socket: TLSSocket, trusted: readonly string[]): OurCertificate | null {
  try {
    const pem = socket.getPeerX509Certificate()?.toString() ?? "";
    const { fingerprint, notAfter, usages, isAuthority } = readCertificate(pem);
    const isOurs = trusted.some((ca) => isIssuedBy(pem, ca));
    return isOurs && usages.includes("clientAuth") && !isAuthority ? { fingerprint, notAfter } : null;
  } catch {
    return null;
  }
}
