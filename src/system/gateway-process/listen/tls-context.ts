/** Reads the TLS listener's certificates and checks them before they are put in force. */
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { TetherdockError } from "../../../base/index.ts";
import type { TlsFiles } from "../../../gateway/index.ts";
import { isIssuedBy, readBundle, readCertificate, sameKey } from "../../../pki/index.ts";
import { readText } from "../../files/file-error.ts";

/**
 * Forward secrecy and authenticated encryption only. The server's key is P-256, so ECDSA; for TLS 1.3 these are
 * OpenSSL's three default suites.
 */
const CIPHERS = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
].join(":");
/** The post-quantum hybrid comes first: a future quantum computer cannot decrypt traffic recorded today. */
const GROUPS = "X25519MLKEM768:X25519:prime256v1:secp384r1";

/** The texts of the three files. */
export interface TlsMaterial {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export async function readTlsMaterial(files: TlsFiles): Promise<TlsMaterial> {
  const [ca, certificate, key] = await Promise.all([
    readText(files.ca),
    readText(files.certificate),
    readText(files.key),
  ]);
  return { ca, certificate, key };
}

/** What the listener uses. */
export interface TlsOptions extends SecureContextOptions {
  /** First the line's CAs, then the gateway's own for clients that joined by invitation, and the fleet's. */
  readonly ca: readonly [string, ...string[]] & string[];
  /** The file with the line's CAs as it is: they are told to clients that renew. */
  readonly caFile: string;
}

/**
 * @param others more CAs for clients, PEM; null: there is none
 * @throws GATEWAY_TLS_UNUSABLE when clients could not use these certificates
 */
export function tlsOptions(
  material: TlsMaterial,
  files: TlsFiles,
  others: readonly (string | null)[],
): TlsOptions {
  // A cross-certificate is no CA to trust: a chain through it would be refused.
  const [first = material.ca, ...more] = readBundle(material.ca).authorities;
  const options: TlsOptions = {
    ca: [first, ...more, ...others.filter((one) => one !== null)],
    caFile: material.ca,
    cert: material.certificate,
    key: material.key,
    minVersion: files.minVersion,
    ciphers: CIPHERS,
    ecdhCurve: GROUPS,
    honorCipherOrder: true,
  };
  const why = problemOf(material, options);
  if (why === null) return options;
  throw new TetherdockError("GATEWAY_TLS_UNUSABLE", "the gateway cannot use its certificates", {
    why: [why],
    hints: ["tetherdock up   # from the laptop of the line: it makes them anew"],
    details: { files },
  });
}

function problemOf(material: TlsMaterial, options: SecureContextOptions): string | null {
  try {
    if (!sameKey(material.certificate, material.key)) return "the certificate is for another key";
    // While the CA is replaced, the files change one by one: its certificate may still be of the other one.
    if (
      ![material.ca, ...readBundle(material.ca).authorities].some((ca) =>
        isIssuedBy(material.certificate, ca),
      )
    )
      return "the certificate is not of this CA: no client of the line would trust it";
    if (!readCertificate(material.certificate).usages.includes("serverAuth"))
      return "the certificate is not for servers";
    createSecureContext(options);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
